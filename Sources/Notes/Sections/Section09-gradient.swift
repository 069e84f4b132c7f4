import Support

extension Section {
    static let gradient = Section(
        9, "09-gradient",
        title: Words("Partial derivatives and the gradient", "편미분과 기울기"),
        text: Words(
            """
            A function of several variables has a slope along each of them: its partial derivatives. The vector of all \
            of them is the gradient. For f = x0² + x1² it is (2 x0, 2 x1). It points where f rises fastest; the \
            negative gradient points downhill, as the arrows show, and becomes shorter towards the minimum.

            Why does the notebook write float(tmp_val)? Because of integer arrays: a number stored in an array of \
            integers loses its fraction, so 3.0001 is stored as 3 and 2.9999 as 2, and the "slope" comes out thousands \
            of times too large. float() alone does not help when the array itself holds integers; writing 3.0 instead \
            of 3 does. In Swift an array of Int cannot be passed where Double is expected, so the compiler catches the \
            mistake; below, it is made on purpose.
            """,
            """
            변수가 여러 개인 함수에는 변수마다 기울기가 있습니다. 이것이 편미분이고, 편미분을 모두 모은 벡터가 \
            기울기(그레이디언트)입니다. f = x0² + x1²에서는 (2 x0, 2 x1)입니다. 기울기는 f가 가장 빨리 커지는 쪽을 \
            가리킵니다. 그림의 화살표는 음의 기울기로, 내리막을 가리키며 바닥에 가까울수록 짧아집니다.

            노트북은 왜 float(tmp_val)이라고 쓸까요? 정수 배열 때문입니다. 정수 배열에 넣은 값은 소수 부분을 잃어 \
            3.0001은 3으로, 2.9999는 2로 저장되고 '기울기'는 수천 배로 커집니다. 배열 자체가 정수이면 float()만으로는 \
            소용이 없고, 3 대신 3.0이라고 써야 합니다. Swift에서는 Double을 받는 곳에 Int 배열을 넘길 수 없으므로 \
            컴파일러가 잡아냅니다. 아래에서는 일부러 그 실수를 만들어 봅니다.
            """),
        figures: [
            Figure(
                "∂f/∂x0", .text("6.00000000000378"), notebook: nil,
                note: Words(
                    "At x0 = 3, x1 = 4; expected: NumPy 2.4.6.", "x0 = 3, x1 = 4에서. 기대값: NumPy 2.4.6.")),
            Figure("∂f/∂x1", .text("7.999999999999119")),
            .same("gradient at (3, 4)", "[6. 8.]"), .same("gradient at (0, 2)", "[0. 4.]"),
            .same("gradient at (3, 0)", "[6. 0.]"),
            Figure(
                "integerGradient(at: [3, 4])", .text("[25000 35000]"),
                note: Words(
                    "What NumPy gives for np.array([3, 4]): (25 - 20) / 0.0002. The true gradient is [6 8].",
                    "NumPy에서 np.array([3, 4])를 넣었을 때의 값: (25 - 20) / 0.0002. 실제 기울기는 [6 8]입니다.")),
        ],
        pictures: [
            Picture(
                "gradient-field.svg",
                Words(
                    "The negative gradient of x0² + x1²: every arrow points towards the minimum.",
                    "x0² + x1²의 음의 기울기: 모든 화살표가 가장 낮은 곳을 가리킵니다."))
        ])
}

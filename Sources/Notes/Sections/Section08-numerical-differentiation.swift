import Support

extension Section {
    private static let digitsDropped = Words(
        "The notebook's listing has one digit fewer in the middle (a 0 at 5, a 9 at 10), so the two are compared to 10 "
            + "decimals. NumPy prints what is printed here.",
        "노트북의 출력에는 중간의 숫자 하나가 빠져 있어(5에서는 0, 10에서는 9) 소수점 아래 10자리까지 비교합니다. NumPy의 출력은 "
            + "여기와 같습니다.")

    static let numericalDifferentiation = Section(
        8, "08-numerical-differentiation",
        title: Words("Numerical differentiation", "수치 미분"),
        text: Words(
            """
            The derivative is the slope at a point. A computer can estimate it: take a small step h to both sides and \
            divide the difference of the values by 2h. The function is f(x) = 0.01x² + 0.1x, whose true derivative 0.02x + 0.1 is \
            0.2 at 5 and 0.3 at 10; the estimates are off by less than a billionth.

            The notebook's first version lacks parentheses. Multiplication and division come first, so \
            `f(x+h) - f(x-h) / 2 * h` means `f(x+h) - (f(x-h) / 2) * h`: nearly f(x) itself, 0.75 at 5 and 2 at 10, \
            and not a slope at all.

            A smaller step is not always better. With `h = 1e-50`, x + h is rounded to x and the slope is 0. In single \
            precision `1e-50` is already 0, and even `h = 1e-4` leaves only three correct digits.
            """,
            """
            미분은 한 점에서의 기울기입니다. 컴퓨터는 이 기울기를 수치로 잴 수 있습니다. x를 양쪽으로 아주 작은 값 h만큼 움직여 함숫값의 차이를 \
            2h로 나눕니다. 함수는 f(x) = 0.01x² + 0.1x이고 실제 도함수 0.02x + 0.1은 5에서 0.2, 10에서 0.3입니다. 수치로 \
            구한 기울기의 오차는 10억분의 1보다 작습니다.

            노트북의 첫 번째 버전에는 괄호가 없습니다. 곱셈과 나눗셈이 먼저 계산되므로 `f(x+h) - f(x-h) / 2 * h`는 \
            `f(x+h) - (f(x-h) / 2) * h`라는 뜻이 됩니다. 거의 f(x) 자체여서 5에서 0.75, 10에서 2가 나오며 기울기가 아닙니다.

            h가 작다고 늘 좋은 것은 아닙니다. `h = 1e-50`이면 x + h가 x로 반올림되어 기울기가 0이 됩니다. 단정밀도에서는 \
            `1e-50`이 이미 0이고, `h = 1e-4`에서도 맞는 자릿수는 세 자리뿐입니다.
            """),
        figures: [
            Figure(
                "numericalDiff(f, 5)", .number(0.199999999999898, within: 5e-11),
                notebook: "0.199999999999898",
                note: digitsDropped),
            Figure(
                "numericalDiff(f, 10)", .number(0.299999999986347, within: 5e-11),
                notebook: "0.299999999986347",
                note: digitsDropped),
            Figure(
                "firstVersion(f, 5)", .text("0.7499825010999949"),
                slip: Words(
                    "Precedence: without parentheses the difference is not divided by 2h. The result is about f(5).",
                    "연산 순서의 실수: 괄호가 없어서 차이가 2h로 나누어지지 않습니다. 결과는 거의 f(5)입니다.")),
            Figure(
                "firstVersion(f, 10)", .text("1.9999300015999948"),
                slip: Words("Likewise, about f(10).", "마찬가지로 거의 f(10)입니다.")),
            Figure(
                "numericalDiff(f, 5, h: 1e-50)", .text("0.0"),
                note: Words("5 + 1e-50 is 5: the step is lost.", "5 + 1e-50은 5입니다. h가 사라집니다.")),
            Figure(
                "Float(1e-50)", .text("0.0"),
                note: Words("Too small for single precision.", "단정밀도로 나타내기에는 너무 작습니다.")),
            Figure(
                "float32, h = 1e-4", .number(0.2002716, within: 1e-6),
                note: Words(
                    "Single precision keeps seven digits; the subtraction loses four. Expected: NumPy 2.4.6.",
                    "단정밀도의 유효 숫자는 일곱 자리쯤인데 뺄셈에서 네 자리를 잃습니다. 기대값: NumPy 2.4.6.")),
        ],
        pictures: [
            Picture(
                "tangent.svg",
                Words(
                    "The function and its tangents, with the estimated slopes.",
                    "함수와 그 접선. 접선의 기울기는 수치 미분으로 구했습니다."))
        ])
}

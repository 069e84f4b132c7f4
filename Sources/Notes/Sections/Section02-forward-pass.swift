import Support

extension Section {
    static let forwardPass = Section(
        2, "02-forward-pass",
        title: Words("A forward pass through three layers, by hand", "3층 신경망의 순전파를 손으로"),
        text: Words(
            """
            Each layer multiplies its input by a matrix of weights, adds a bias and applies an activation: \
            A = X W + B, Z = h(A). Here h is the sigmoid 1 / (1 + exp(-a)), which maps every number to one between 0 and 1. \
            The last layer's activation is the identity, so its outputs are returned unchanged.

            The notebook has 0.5 as the last element of W3; the textbook has 0.4 there. That is the only reason why \
            the notebook's Y differs from the textbook's; both are computed below.
            """,
            """
            각 층은 입력에 가중치 행렬을 곱하고 편향을 더한 뒤 활성화 함수를 적용합니다. A = X W + B, Z = h(A)입니다. \
            여기서 h는 시그모이드 1 / (1 + exp(-a))로, 모든 수를 0과 1 사이의 값으로 바꿉니다. 마지막 층의 함수는 \
            항등 함수이므로 나온 수가 그대로 답입니다.

            노트북에는 W3의 마지막 값이 0.5로 되어 있고, 교재에는 0.4로 되어 있습니다. 노트북의 Y와 교재의 Y가 \
            다른 이유는 이것뿐이며, 아래에서 둘 다 계산합니다.
            """),
        figures: [
            Figure("W1.shape, X.shape, B1.shape", .text("(2, 3) (2,) (3,)")), .same("A1", "[0.3 0.7 1.1]"),
            .same("Z1", "[0.57444252 0.66818777 0.75026011]"), .same("Y", "[0.31682708 0.77338016]"),
            Figure(
                "Y, W3[1][1] = 0.4", .text("[0.31682708 0.69627909]"),
                note: Words(
                    "The textbook's figure: it has 0.4 where the notebook has 0.5.",
                    "교재의 값입니다. 노트북의 0.5가 교재에서는 0.4입니다.")),
        ])
}

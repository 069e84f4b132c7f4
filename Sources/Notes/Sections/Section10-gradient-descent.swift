extension Section {
    static let gradientDescent = Section(
        10, "10-gradient-descent",
        title: Words("Gradient descent", "경사 하강법"),
        text: Words(
            """
            Going downhill: subtract the gradient times a small number, the learning rate, and repeat. From (-3, 4) a \
            hundred steps with rate 0.1 end at nearly (0, 0), the lowest place.

            The learning rate is chosen by people. Too large, and every step jumps over the valley and lands higher \
            than before; too small, and a hundred steps hardly move. At 0.9 the path still arrives, \
            leaping from one side to the other.
            """,
            """
            내리막을 따라갑니다. 기울기에 작은 수(학습률)를 곱해 빼고, 이를 되풀이합니다. (-3, 4)에서 출발해 학습률 \
            0.1로 백 번 갱신하면 가장 낮은 곳 (0, 0)에 거의 닿습니다.

            학습률은 사람이 정합니다. 너무 크면 갱신할 때마다 골짜기를 뛰어넘어 전보다 높은 곳에 떨어지고, 너무 작으면 백 \
            번을 갱신해도 거의 움직이지 않습니다. 0.9에서는 이쪽저쪽으로 뛰어넘으면서도 결국 도착합니다.
            """),
        figures: [
            Figure(
                "rate 0.1", .text("[-6.11110793e-10  8.14814391e-10]"),
                note: Words("Expected: NumPy 2.4.6.", "기대값: NumPy 2.4.6.")),
            Figure(
                "rate 10", .text("[-2.58983747e+13 -1.29524862e+12]"),
                note: Words(
                    "Too large: it runs away. The digits are those of NumPy 2.4.6.",
                    "너무 큽니다: 발산합니다. 숫자는 NumPy 2.4.6과 같습니다.")),
            Figure(
                "rate 1e-10", .text("[-2.99999994  3.99999992]"),
                note: Words("Too small: it has hardly left.", "너무 작습니다: 거의 움직이지 않았습니다.")),
        ],
        pictures: [
            Picture(
                "descent-path.svg",
                Words(
                    "Two paths: from (-3, 4) with rate 0.1 step by step; from (3, 4) with rate 0.9, leaping over the bottom.",
                    "두 경로: (-3, 4)에서 학습률 0.1로 조금씩 내려가는 경로와 (3, 4)에서 학습률 0.9로 바닥을 뛰어넘는 경로."))
        ])
}

import Support

extension Section {
    static let gradientDescent = Section(
        10, "10-gradient-descent",
        title: Words("Gradient descent", "경사 하강법"),
        text: Words(
            """
            Going downhill: subtract the gradient times a small number, the learning rate, and repeat. From (-3, 4) a \
            hundred steps with rate 0.1 end at nearly (0, 0), the minimum.

            The learning rate is chosen by people. If it is too large, every step jumps across the valley and lands \
            higher than before; if it is too small, a hundred steps hardly move.

            The figure shows three rates in a long, narrow valley, x0²/20 + x1², which is much steeper across than along. \
            With 0.1 the path falls to the floor of the valley in a few steps and then creeps along it: thirty steps \
            do not reach the minimum. With 0.95 it leaps from one side to the other, lower each time, and arrives. With \
            1.05 each leap lands higher than the one before.
            """,
            """
            내리막을 따라갑니다. 기울기에 작은 수(학습률)를 곱해 빼고, 이를 되풀이합니다. (-3, 4)에서 출발해 학습률 \
            0.1로 백 번 갱신하면 가장 낮은 곳 (0, 0)에 거의 닿습니다.

            학습률은 사람이 정합니다. 너무 크면 갱신할 때마다 골짜기를 뛰어넘어 전보다 높은 곳에 떨어지고, 너무 작으면 백 \
            번을 갱신해도 거의 움직이지 않습니다.

            그림은 길고 좁은 골짜기 x0²/20 + x1²에서 세 가지 학습률을 보여 줍니다. 이 골짜기는 가로지르는 방향이 훨씬 \
            가파릅니다. 0.1에서는 몇 스텝 만에 골짜기 바닥에 내려오지만 그 뒤로는 바닥을 따라 기어가서 서른 스텝으로도 \
            가장 낮은 곳에 닿지 못합니다. 0.95에서는 이쪽저쪽으로 뛰어넘으면서도 매번 더 낮아져 도착합니다. 1.05에서는 \
            뛸 때마다 전보다 높은 곳에 떨어집니다.
            """),
        figures: [
            Figure(
                "rate 0.1", .text("[-6.11110793e-10  8.14814391e-10]"),
                note: Words("Expected: NumPy 2.4.6.", "기대값: NumPy 2.4.6.")),
            Figure(
                "rate 10", .text("[-2.58983747e+13 -1.29524862e+12]"),
                note: Words(
                    "Too large: it diverges. The digits are those of NumPy 2.4.6.",
                    "너무 큽니다: 발산합니다. 숫자는 NumPy 2.4.6과 같습니다.")),
            Figure(
                "rate 1e-10", .text("[-2.99999994  3.99999992]"),
                note: Words("Too small: it has hardly moved.", "너무 작습니다: 거의 움직이지 않았습니다.")),
            Figure(
                "valley, rate 0.1, 30 steps", .text("5.178 0.002"),
                note: Words(
                    "From (7, 2). A step multiplies x0 by 1 - rate / 10 and x1 by 1 - 2 rate: (7 · 0.99^30, 2 · 0.8^30).",
                    "(7, 2)에서 출발. 한 스텝은 x0에 1 - 학습률 / 10을, x1에 1 - 2 · 학습률을 곱합니다: (7 · 0.99^30, 2 · 0.8^30).")
            ),
            Figure(
                "valley, rate 0.95, 30 steps", .text("-0.350 0.085"),
                note: Words(
                    "From (-7, 2): (-7 · 0.905^30, 2 · (-0.9)^30).",
                    "(-7, 2)에서 출발: (-7 · 0.905^30, 2 · (-0.9)^30).")),
            Figure(
                "valley, rate 1.05, 8 steps", .text("0.823 2.144"),
                note: Words(
                    "From (2, 1): (2 · 0.895^8, (-1.1)^8). It is further from the minimum than at the start.",
                    "(2, 1)에서 출발: (2 · 0.895^8, (-1.1)^8). 출발점보다 더 멀어졌습니다.")),
        ],
        pictures: [
            Picture(
                "descent-path.svg",
                Words(
                    "Three learning rates in a narrow valley, every step marked: creeping, leaping from side to side, diverging.",
                    "좁은 골짜기에서 세 가지 학습률, 표시 하나가 한 스텝: 기어가는 경로, 이쪽저쪽으로 뛰어넘는 경로, 발산하는 경로."))
        ])
}

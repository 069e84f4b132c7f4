import Support

extension Section {
    static let losses = Section(
        4, "04-losses",
        title: Words("Losses", "손실 함수"),
        text: Words(
            """
            A loss says in one number how wrong an answer is. y holds the probabilities that a network assigns to the \
            digits 0 to 9; t is one-hot: 1 at the correct digit, here 2. y1 gives 2 the highest probability, 0.6; y2 \
            gives 0.6 to 7.

            The mean squared error, in the form of the course, is half the sum of the squared differences. \
            Cross-entropy is minus the logarithm of the probability assigned to the correct digit; a small delta, \
            1e-7, is added so that log(0) does not become minus infinity. For a batch the losses are averaged. When \
            labels are given instead of one-hot rows, the probability of the correct digit is picked out directly.

            Why not accuracy? Learning follows the slope, and accuracy has none: it stays the same under a small \
            change of the weights and then jumps. The loss responds to every small change with a small change. Below, \
            the second answer is made a little better: the accuracy stays at 0.5, the loss falls.
            """,
            """
            손실 함수는 답이 얼마나 틀렸는지를 수 하나로 나타냅니다. y는 신경망이 숫자 0부터 9까지에 준 확률이고, t는 \
            원-핫 벡터로 정답 자리(여기서는 2)만 1입니다. y1은 2에, y2는 7에 가장 높은 확률 0.6을 주었습니다.

            이 강의의 평균 제곱 오차는 차이의 제곱을 모두 더한 값의 절반입니다. 교차 엔트로피는 정답에 준 확률의 로그에 \
            음수를 붙인 값이며, log(0)이 마이너스 무한대가 되지 않도록 작은 값 delta 1e-7을 더합니다. 배치에서는 손실의 \
            평균을 냅니다. 원-핫 대신 레이블이 주어지면 정답의 확률을 바로 골라냅니다.

            왜 정확도가 아니라 손실일까요? 학습은 기울기를 따라가는데 정확도에는 기울기가 없습니다. 가중치를 조금 바꾸면 \
            정확도는 그대로 있다가 갑자기 뜁니다. 손실은 작은 변화마다 조금씩 달라집니다. 아래에서 두 번째 답을 조금 \
            낫게 만들면 정확도는 0.5 그대로이지만 손실은 줄어듭니다.
            """),
        figures: [
            .same("meanSquaredError(y1, t)", "0.09750000000000003"),
            .same("meanSquaredError(y2, t)", "0.5975"),
            Figure(
                "crossEntropy(y1, t)", .text("0.510825457099338"), notebook: "2.302584092994546",
                slip: Words(
                    "The notebook's cell makes a new variable but passes the old variable x, the second answer, and so "
                        + "prints that one's loss. The correct value for y1 is 0.510825457099338: y1 gives the correct "
                        + "digit 0.6, and -log(0.6 + 1e-7) is that.",
                    "노트북의 셀은 새 변수를 만들고도 이전 변수 x(두 번째 답)를 넘겨서 그 손실을 출력합니다. y1의 올바른 값은 "
                        + "0.510825457099338입니다. y1은 정답에 0.6을 주었고 -log(0.6 + 1e-7)이 이 값입니다.")),
            .same("crossEntropy(y2, t)", "2.302584092994546"),
            Figure(
                "batch, one-hot", .text("1.406704775046942"),
                note: Words(
                    "The mean of the two losses above; expected: NumPy 2.4.6.",
                    "위 두 손실의 평균입니다. 기대값: NumPy 2.4.6.")),
            Figure("batch, by label", .text("1.406704775046942")),
            Figure(
                "accuracy before, after", .text("0.5 0.5"),
                note: Words("The accuracy has not changed.", "정확도에는 변화가 없습니다.")),
            Figure(
                "loss after", .number(1.2039723876593875, within: 1e-12),
                note: Words(
                    "The loss has fallen from 1.4067: expected (-log(0.6 + 1e-7) - log(0.15 + 1e-7)) / 2.",
                    "손실이 1.4067에서 줄었습니다. 기대값은 (-log(0.6 + 1e-7) - log(0.15 + 1e-7)) / 2입니다.")),
        ])
}

import Support

extension Section {
    private static let agreementNote = Words(
        "Whether back-propagation and numerical differentiation agree to within 1e-6 for all 39,760 parameters.",
        "오차역전파의 기울기와 수치 미분의 기울기가 39,760개 모두에서 1e-6 이내로 일치하는지 나타냅니다.")

    private static func agreement(_ name: String, _ parameter: String, note: Words? = nil) -> Figure {
        Figure("numericalGradient, \(name)", .text(parameter + " true"), note: note)
    }

    static let twoLayerNet = Section(
        12, "12-two-layer-net",
        title: Words("TwoLayerNet: learning in four steps", "TwoLayerNet: 학습의 네 단계"),
        text: Words(
            """
            The network of the course: 784 inputs, 50 hidden units with the sigmoid, 10 outputs with softmax. Its \
            parameters start as small random numbers. `predict` answers, `loss` says how wrong the answers are, \
            `accuracy` what fraction of them is correct; `gradient` computes the gradient by back-propagation and \
            `numericalGradient` by numerical differentiation, for all of W1, b1, W2 and b2, and the two agree. The \
            comparison uses three images only, because numerical differentiation needs 79,520 forward passes.

            Learning repeats four steps: (1) draw a mini-batch, (2) compute the gradient of the loss, (3) change every \
            parameter a little against its gradient, (4) repeat. 600 steps of 100 images are one epoch: 60,000 images \
            have then been seen.
            """,
            """
            이 강의의 신경망입니다. 입력 784개, 시그모이드를 쓰는 은닉 뉴런 50개, 소프트맥스를 쓰는 출력 10개입니다. \
            매개변수는 작은 난수로 시작합니다. `predict`는 답하고, `loss`는 답이 얼마나 틀렸는지, `accuracy`는 얼마나 \
            맞혔는지 알려 줍니다. `gradient`는 오차역전파로, `numericalGradient`는 수치 미분으로 W1, b1, W2, b2 모두의 \
            기울기를 구하며, 둘은 일치합니다. 수치 미분에는 순전파가 79,520번 필요하므로 비교에는 이미지 세 장만 \
            씁니다.

            학습은 네 단계의 반복입니다. (1) 미니배치를 뽑고, (2) 손실의 기울기를 구하고, (3) 모든 매개변수를 기울기의 \
            반대쪽으로 조금 바꾸고, (4) 되풀이합니다. 이미지 100장씩 600스텝이 1에폭으로, 이미지 60,000장을 본 셈입니다.
            """),
        figures: [
            .dataName, Figure("W1", .text("(784, 50)"), notebook: "(784, 50)"),
            Figure("b1", .text("(50,)"), notebook: "(50,)"),
            Figure("W2", .text("(50, 10)"), notebook: "(50, 10)"),
            Figure("b2", .text("(10,)"), notebook: "(10,)"),
            Figure("predict(x).shape", .text("(100, 10)")),
            Figure(
                "loss before learning", .number(2.3026, within: 0.05),
                note: Words(
                    "The same probability for all ten digits: -log(1/10) is 2.3026.",
                    "열 가지에 같은 확률을 주면 -log(1/10) = 2.3026입니다.")),
            agreement("W1", "(784, 50)"), agreement("b1", "(50,)"),
            agreement("W2", "(50, 10)"),
            agreement("b2", "(10,)", note: agreementNote),
            Figure("loss after 100 and 9,600 steps", .between(0, 0.6)),
            Figure("training accuracy", .between(0.92, 1), builtIn: .between(0.7, 1)),
            Figure("test accuracy", .between(0.92, 1), builtIn: .between(0.7, 1)),
        ],
        pictures: [
            Picture("loss.svg", Words("The loss falls, fast at first.", "손실은 처음에 빠르게 줄어듭니다.")),
            Picture(
                "accuracies.svg",
                Words(
                    "Both accuracies after each epoch: they rise together.",
                    "에폭마다 잰 두 정확도: 함께 오릅니다.")),
        ], needsDigits: true, isLong: true)
}

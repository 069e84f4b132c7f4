import Support

extension Section {
    static let epochs = Section(
        15, "15-epochs",
        title: Words("Epochs, and why both accuracies rise", "에폭, 그리고 두 정확도가 함께 오르는 이유"),
        text: Words(
            """
            An epoch is one pass through all training data: with 60,000 images and batches of 100, that is 600 steps. \
            After each epoch the network is evaluated on the training data and on the test data.

            Here both curves rise together, unlike in section 5. The network is small and the examples are many: \
            memorising 60,000 images is harder than learning what they have in common, so what helps on the training \
            data helps on the test data too. If the network began to overfit, the training curve would keep rising \
            while the test curve flattened or fell.
            """,
            """
            에폭은 훈련 데이터를 모두 한 번씩 본 것을 말합니다. 이미지 60,000장을 100장씩 보면 600스텝입니다. 에폭이 끝날 때마다 훈련 \
            데이터와 시험 데이터에서 정확도를 잽니다.

            5절과 달리 여기서는 두 곡선이 함께 오르고 거의 겹칩니다. 신경망은 작고 예제는 많습니다. 이미지 60,000장을 \
            외우는 것은 공통점을 배우는 것보다 어렵습니다. 그래서 훈련 데이터에 도움이 되는 것이 시험 데이터에도 도움이 \
            됩니다. 과적합이 시작되면 훈련 곡선은 계속 오르는데 시험 곡선은 멈추거나 떨어집니다.
            """),
        figures: [
            .dataName, Figure("steps in an epoch", .text("600")),
            Figure("epoch, training, test", .shown(lines: 16)),
            Figure("epochs", .text("16")),
            Figure("training accuracy", .between(0.93, 1), builtIn: .between(0.7, 1)),
            Figure("test accuracy", .between(0.93, 1), builtIn: .between(0.7, 1)),
            Figure(
                "gap", .between(-0.02, 0.02),
                note: Words("The curves stay together: no overfitting.", "두 곡선이 겹칩니다: 과적합이 없습니다.")),
        ],
        pictures: [
            Picture("epochs.svg", Words("Sixteen epochs: loss and both accuracies.", "16에폭의 손실과 두 정확도."))
        ], needsDigits: true, isLong: true)
}

import Support

extension Section {
    static let generalisation = Section(
        5, "05-generalisation",
        title: Words("Training and test data, generalisation, overfitting", "훈련 데이터와 시험 데이터, 일반화, 과적합"),
        text: Words(
            """
            A network should classify images that it has never seen. That is generalisation, and it can only be \
            measured on data that were set aside. So there are training data to learn from and test data to evaluate on.

            A network with too few examples and enough time memorises the examples instead of learning what they have \
            in common: overfitting. Here it sees 300 examples 60 times each. The training curve climbs to 100 %; the \
            test curve stays below it. The gap between the two is the sign of overfitting.
            """,
            """
            신경망은 한 번도 본 적 없는 이미지도 맞혀야 합니다. 이 능력이 일반화이며, 따로 떼어 둔 데이터로만 잴 수 있습니다. \
            그래서 배우는 데 쓰는 훈련 데이터와 평가하는 데 쓰는 시험 데이터를 나눕니다.

            예제가 너무 적고 시간이 충분하면 신경망은 예제들의 공통점이 아니라 예제 자체를 외웁니다. 이것이 \
            과적합(오버피팅)입니다. 여기서는 예제 300개를 60번 봅니다. 훈련 곡선은 100 %까지 오르고 시험 곡선은 그 아래에 \
            머뭅니다. 두 곡선의 간격이 바로 과적합의 신호입니다.
            """),
        figures: [
            .dataName, Figure("training accuracy", .between(0.98, 1)),
            Figure("test accuracy", .between(0.6, 0.93), builtIn: .between(0.5, 0.99)),
            Figure("gap", .between(0.05, 0.4), builtIn: .between(0.01, 0.5)),
        ],
        pictures: [
            Picture(
                "overfitting.svg",
                Words(
                    "Memorised: the training accuracy reaches 100 %, the test accuracy does not.",
                    "예제를 외운 결과: 훈련 정확도는 끝까지 오르지만 시험 정확도는 그렇지 못합니다."))
        ], needsDigits: true, isLong: true)
}

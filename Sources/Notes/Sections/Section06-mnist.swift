extension Section {
    static let mnist = Section(
        6, "06-mnist",
        title: Words("MNIST", "MNIST 데이터셋"),
        text: Words(
            """
            MNIST has 60,000 handwritten digits to learn from and 10,000 to test with, each a grey picture of 28 by \
            28 pixels. Three arguments say in which form they are wanted: `normalize` turns 0 to 255 into 0 to 1, \
            `flatten` makes a row of 784 numbers of each picture, `oneHotLabel` makes a row of ten numbers of each \
            label.

            The first picture shows a 5. As a row it has the shape (784,); `reshaped(28, 28)` makes it a picture again.
            """,
            """
            MNIST는 훈련용 손글씨 숫자 60,000장과 시험용 10,000장으로 이루어져 있고, 각각 28×28 픽셀의 회색조 그림입니다. \
            인수 세 개로 어떤 형태를 원하는지 정합니다. `normalize`는 0~255를 0~1로 바꾸고, `flatten`은 그림 하나를 \
            784개 수의 행으로 펴고, `oneHotLabel`은 레이블 하나를 수 열 개의 행으로 만듭니다.

            첫 그림은 5입니다. 행으로는 모양이 (784,)이고, `reshaped(28, 28)`을 쓰면 다시 그림이 됩니다.
            """),
        figures: [
            .dataName, .same("xTrain.shape", "(60000, 784)"), .same("tTrain.shape", "(60000,)"),
            .same("xTest.shape", "(10000, 784)"), .same("tTest.shape", "(10000,)"),
            .same("t.shape, oneHotLabel: true", "(60000, 10)"),
            Figure("x.shape, flatten: false", .text("(10000, 1, 28, 28)")),
            Figure("xTrain.min(), xTrain.max()", .text("0.0 255.0"), notebook: "0, 255"),
            Figure("x.max(), normalize: true", .text("1.0")),
            Figure("tTrain[0]", .text("5"), builtIn: .between(0, 9), notebook: "5"),
            .same("row.shape", "(784,)"), .same("image.shape", "(28, 28)"),
            Figure("image", .shown(lines: 28)),
        ],
        pictures: [
            Picture("first-digit.png", Words("The first picture, as a PNG file.", "첫 번째 그림(PNG 파일)."))
        ], needsDigits: true)
}

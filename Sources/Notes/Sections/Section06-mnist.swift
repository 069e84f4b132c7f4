import Datasets
import Support

extension Section {
    static let mnist = Section(
        6, "06-mnist",
        title: Words("MNIST", "MNIST 데이터셋"),
        text: Words(
            """
            MNIST has 60,000 handwritten digits for training and 10,000 for testing, each a greyscale image of 28 by \
            28 pixels. Three arguments choose their form: `normalize` scales 0 to 255 to 0 to 1, `flatten` makes each \
            image a row of 784 numbers, `oneHotLabel` makes each label a row of ten numbers.

            The first image of MNIST shows a 5. As a row it has the shape (784,); `reshaped(28, 28)` makes it an image \
            again.
            """,
            """
            MNIST는 훈련용 손글씨 숫자 60,000장과 시험용 10,000장으로 이루어져 있고, 각각 28×28 픽셀의 회색조 이미지입니다. \
            인수 세 개로 어떤 형태를 원하는지 정합니다. `normalize`는 0~255를 0~1로 바꾸고, `flatten`은 이미지 하나를 \
            784개 수의 행으로 펴고, `oneHotLabel`은 레이블 하나를 수 열 개의 행으로 만듭니다.

            MNIST의 첫 이미지는 5입니다. 행으로는 모양이 (784,)이고, `reshaped(28, 28)`을 쓰면 다시 이미지가 됩니다.
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
            Picture("first-digit.png", Words("The first image, as a PNG file.", "첫 번째 이미지(PNG 파일)."))
        ], needsDigits: true)
}

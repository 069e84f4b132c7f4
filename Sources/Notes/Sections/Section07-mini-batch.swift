import Support

extension Section {
    static let miniBatch = Section(
        7, "07-mini-batch",
        title: Words("Mini-batches", "미니배치"),
        text: Words(
            """
            Summing the loss over 60,000 images for every small step would take too long. A few images drawn at random, \
            a mini-batch, give nearly the same direction, as an opinion poll comes close to the result of an election. \
            `choice(60000, size: 10)` draws ten row numbers, and an array of row numbers between the brackets selects \
            those rows of the images and of the labels.

            RandomState is NumPy's own generator, bit for bit, so the rows are those that NumPy draws with seed 0.
            """,
            """
            매개변수를 한 번 갱신할 때마다 이미지 60,000장의 손실을 모두 더하면 오래 걸립니다. 여론 조사가 선거 결과를 거의 맞히듯이, \
            무작위로 뽑은 몇 장만으로도 거의 같은 방향을 얻습니다. 이것이 미니배치입니다. `choice(60000, size: 10)`은 행 \
            번호 열 개를 뽑고, 대괄호 안에 행 번호 배열을 넣으면 이미지와 레이블에서 그 행들을 골라냅니다.

            RandomState는 NumPy의 난수 생성기와 비트 단위까지 같습니다. 그래서 NumPy가 시드 0으로 뽑는 행과 같은 행을 뽑습니다.
            """),
        figures: [
            .dataName, .same("xTrain.shape", "(60000, 784)"), .same("tTrain.shape", "(60000, 10)"),
            Figure(
                "batchMask", .text("[ 2732 43567 42613 52416 45891 21243 30403 32103 41993 57043]"),
                note: Words(
                    "Expected: np.random.RandomState(0).choice(60000, 10), NumPy 2.4.6.",
                    "기대값: np.random.RandomState(0).choice(60000, 10), NumPy 2.4.6.")),
            .same("xBatch.shape", "(10, 784)"), .same("tBatch.shape", "(10, 10)"),
        ], needsDigits: true)
}

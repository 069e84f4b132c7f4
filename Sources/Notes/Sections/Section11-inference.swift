import Datasets
import Support

extension Section {
    static let inference = Section(
        11, "11-inference",
        title: Words("Inference with trained weights", "학습된 가중치로 추론하기"),
        text: Words(
            """
            Using a trained network: `initNetwork` loads the weights, `predict` goes through the layers, and the class \
            with the highest probability is the answer. The accuracy is the fraction of the 10,000 test images that are \
            classified correctly.

            The shapes fit together like the links of a chain: 784, 784x50, 50x100, 100x10, 10. With a hundred images at \
            once only the first axis grows: 100x784 goes in, 100x10 comes out. The answers are the same, and it is \
            faster, because one large matrix product uses the processor better than a hundred small ones.

            With `--weights sample_weight.pkl` the weights are those of the textbook's file (0.9352 on MNIST). \
            Without it, a network of that shape is trained first.
            """,
            """
            학습이 끝난 신경망을 쓰는 단계입니다. `initNetwork`가 가중치를 가져오고, `predict`가 층을 차례로 지나며, \
            확률이 가장 높은 클래스가 답입니다. 정확도는 시험 이미지 10,000장 중 맞힌 비율입니다.

            모양은 사슬처럼 이어집니다. 784, 784x50, 50x100, 100x10, 10입니다. 이미지 백 장을 한꺼번에 넣으면 첫 축만 \
            커져서 100x784가 들어가고 100x10이 나옵니다. 답은 같고 속도는 더 빠릅니다. 작은 곱을 백 번 하는 것보다 큰 행렬 곱을 \
            한 번 하는 것이 프로세서를 더 잘 쓰기 때문입니다.

            가중치는 `--weights sample_weight.pkl`로 교재의 파일에서 읽습니다(MNIST에서 0.9352가 나옵니다). 없으면 같은 \
            모양의 신경망을 먼저 학습시킵니다.
            """),
        figures: [
            .dataName, .same("x[0].shape", "(784,)"), .same("W1.shape", "(784, 50)"),
            .same("W2.shape", "(50, 100)"), .same("W3.shape", "(100, 10)"), .same("y.shape", "(10,)"),
            .same("x[0..<100].shape", "(100, 784)"), .same("batch y.shape", "(100, 10)"),
            Figure(
                "accuracy, one by one", .between(0.9, 1), builtIn: .between(0.65, 1), notebook: "0.9352",
                note: Words(
                    "0.9352 is the accuracy of the textbook's own weights; a network trained here has its own.",
                    "0.9352는 교재가 제공하는 가중치의 정확도입니다. 여기서 학습한 신경망의 값은 다릅니다.")),
            Figure(
                "accuracy, batches of 100", .between(0.9, 1), builtIn: .between(0.65, 1), notebook: "0.9352",
                note: Words("The same answers.", "같은 답입니다.")),
            Figure("time, one by one", .shown(lines: 1)), Figure("time, batches of 100", .shown(lines: 1)),
        ], needsDigits: true, isLong: true)
}

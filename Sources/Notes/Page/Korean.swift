import Datasets

/// Korean for words that the code itself chose: the names of figures that are not code, and the words in charts.
///
/// The snippets stay in one language, so that they stay short; their pictures are translated when the page is made.
enum Korean {
    /// Returns a figure's name: Korean where it is a phrase, as it is where it is code.
    static func name(_ name: String) -> String { names[name] ?? name }

    /// Returns a chart with its words in Korean. Only text between tags is looked at.
    static func chart(_ svg: String) -> String {
        svg.replacing(/>([^<>\n]+)<\/(text|title|desc)>/) { match in
            ">\(phrase(String(match.output.1)))</\(match.output.2)>"
        }
    }

    /// Returns a chart's phrase in Korean; as it is where it is not known: numbers, names, formulas.
    static func phrase(_ text: String) -> String {
        if let known = phrases[text] { return known }
        if let match = text.wholeMatch(of: /After (\d+) epochs?: (.*)/) {
            return "\(match.output.1)에폭 후: "
                + match.output.2.replacing("training", with: "훈련").replacing("test", with: "시험")
                .replacing("accuracy", with: "정확도").replacing("loss", with: "손실")
        }
        if let match = text.wholeMatch(of: /(some )?overfitting: (.*) points apart/) {
            return "\(match.output.1 == nil ? "" : "약간의 ")과적합: \(match.output.2)포인트 차이"
        }
        if let match = text.wholeMatch(of: /(.*) points apart/) { return "\(match.output.1)포인트 차이" }
        if let match = text.wholeMatch(of: /tangent at (\d+)/) { return "\(match.output.1)에서의 접선" }
        if let match = text.wholeMatch(of: /rate ([\d.]+)/) { return "학습률 \(match.output.1)" }
        if let match = text.wholeMatch(of: /(.*) on (mnist|builtin)/) {
            return "\(match.output.1), \(match.output.2 == "mnist" ? "MNIST" : "내장 숫자")"
        }
        return text
    }

    private static let phrases: [String: String] = [
        "Accuracy": "정확도", "accuracy": "정확도", "Loss (cross-entropy)": "손실 (교차 엔트로피)", "loss": "손실",
        "cross-entropy": "교차 엔트로피", "epoch": "에폭", "step": "스텝", "training": "훈련", "test": "시험",
        "overfitting": "과적합", "overfitting:": "과적합:", "some overfitting": "약간의 과적합",
        "300 examples: overfitting": "예제 300개: 과적합",
        "and its tangents at 5 and 10": "그리고 5와 10에서의 접선",
        "Gradient descent on x0²/20 + x1²": "x0²/20 + x1²의 경사 하강법",
        "the arrows point downhill; every mark is a step": "화살표는 내리막을 가리키고, 표시 하나가 한 스텝입니다",
        "Downhill on x0² + x1²": "x0² + x1²의 내리막", "the negative gradient, at each point": "각 점에서의 음의 기울기",
        "The loss of the mini-batches": "미니배치의 손실", "Accuracy after each epoch": "에폭별 정확도",
        "One training step": "학습 한 번의 계산",
        "above each edge the value, below it the gradient": "간선 위는 값, 간선 아래는 기울기",
        "KNN: choosing k": "KNN: k 고르기",
        "2,000 examples, 500 questions, raw pixels": "예제 2,000개, 질문 500개, 픽셀을 그대로 사용",
        "k, the number of neighbours that vote": "k, 투표하는 이웃의 수",
    ]

    private static let names: [String: String] = [
        "batch, one-hot": "배치, 원-핫", "batch, by label": "배치, 레이블", "accuracy before, after": "바꾸기 전과 후의 정확도",
        "loss after": "바꾼 후의 손실", "training accuracy": "훈련 정확도", "test accuracy": "시험 정확도", "gap": "간격",
        "gradient at (3, 4)": "(3, 4)에서의 기울기", "gradient at (0, 2)": "(0, 2)에서의 기울기",
        "gradient at (3, 0)": "(3, 0)에서의 기울기", "rate 0.1": "학습률 0.1", "rate 10": "학습률 10",
        "rate 1e-10": "학습률 1e-10", "batch y.shape": "배치의 y.shape",
        "accuracy, one by one": "정확도, 한 장씩", "accuracy, batches of 100": "정확도, 100장씩",
        "time, one by one": "시간, 한 장씩", "time, batches of 100": "시간, 100장씩",
        "loss before learning": "학습 전 손실",
        "loss after 100 and 9,600 steps": "100스텝, 9,600스텝 후 손실", "loss": "손실",
        "dw, db by hand": "손으로 구한 dw, db", "dw, db from the tape": "테이프의 dw, db",
        "largest difference, W1": "최대 차이, W1", "largest difference, b1": "최대 차이, b1",
        "largest difference, W2": "최대 차이, W2", "largest difference, b2": "최대 차이, b2",
        "time, numerical differentiation": "시간, 수치 미분", "time, back-propagation": "시간, 오차역전파",
        "KNN, a question": "KNN, 질문 하나", "HOG, three images": "HOG, 이미지 세 장",
        "SIFT, three images": "SIFT, 이미지 세 장", "SURF, three images": "SURF, 이미지 세 장",
        "different numbers of descriptors": "기술자의 개수가 다른지",
        "KNN on HOG, k = 3": "HOG와 KNN, k = 3", "SVM on HOG": "HOG와 SVM",
        "SVM on SIFT words": "SIFT 단어와 SVM", "SVM on SURF words": "SURF 단어와 SVM",
        "valley, rate 0.1, 30 steps": "골짜기, 학습률 0.1, 30스텝",
        "valley, rate 0.95, 30 steps": "골짜기, 학습률 0.95, 30스텝",
        "valley, rate 1.05, 8 steps": "골짜기, 학습률 1.05, 8스텝", "the network's accuracy": "신경망의 정확도",
        "the network, learning": "신경망, 학습", "the network, a question": "신경망, 질문 하나",
        "steps in an epoch": "1에폭의 스텝 수", "epoch, training, test": "에폭, 훈련, 시험", "epochs": "에폭 수",
    ]
}

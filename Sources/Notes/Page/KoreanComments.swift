/// Korean for the comments in the snippets.
///
/// A program says its comments once, in English; where its code is shown in Korean, each comment is looked up here.
enum KoreanComments {
    /// Code with its comments in Korean; a comment that is not known stays.
    static func code(_ code: String) -> String {
        code.split(separator: "\n", omittingEmptySubsequences: false).map(line).joined(separator: "\n")
    }

    private static func line(_ line: Substring) -> String {
        guard let start = line.firstRange(of: "//")?.lowerBound else { return String(line) }
        let slashes = line[start...].prefix { $0 == "/" }
        let words = line[slashes.endIndex...].drop { $0 == " " }
        guard let korean = comments[String(words)] else { return String(line) }
        return "\(line[..<start])\(slashes) \(korean)"
    }

    /// Comments by their English text.
    static let comments: [String: String] = [
        "the output layer's function is the identity": "출력층의 함수는 항등 함수",
        "the guard: no exponent is above 0": "대책: 지수가 0을 넘지 않음",
        "A batch: the mean over its rows, with one-hot rows and with labels.":
            "배치: 행들의 평균. 원-핫 행일 때와 레이블일 때.",
        "Why a loss and not accuracy: a slightly better answer moves the loss; the accuracy stays where it is.":
            "정확도가 아니라 손실인 이유: 답이 조금 나아지면 손실은 변하지만 정확도는 그대로입니다.",
        "Three hundred examples are easily memorised.": "예제 300개는 쉽게 외울 수 있습니다.",
        "Images as rows or as images, pixels as 0...255 or 0...1, labels as numbers or one-hot rows.":
            "이미지는 행 또는 이미지로, 픽셀은 0...255 또는 0...1로, 레이블은 수 또는 원-핫 행으로.",
        "NumPy's own generator: the same rows as np.random.RandomState(0)":
            "NumPy의 난수 생성기: np.random.RandomState(0)과 같은 행",
        "The notebook's first version: division and multiplication go before subtraction.":
            "노트북의 첫 번째 버전: 곱셈과 나눗셈이 뺄셈보다 먼저입니다.",
        "Too small a step is rounded away; so are many digits in single precision.":
            "너무 작은 h는 반올림으로 사라집니다. 단정밀도에서는 유효 숫자도 많이 잃습니다.",
        "Partial derivatives: one number moves, the other stands still.": "편미분: 한 변수만 움직이고 다른 변수는 그대로 둡니다.",
        "Both at once: the gradient.": "둘을 한꺼번에: 기울기.",
        "In an integer array the step is cut off: 3.0001 is kept as 3, and 2.9999 as 2.":
            "정수 배열에서는 h가 잘립니다. 3.0001은 3으로, 2.9999는 2로 저장됩니다.",
        "A long, narrow valley shows what the learning rate does: 20 times as steep across as along.":
            "길고 좁은 골짜기에서 학습률의 영향이 보입니다. 가로지르는 방향이 20배 가파릅니다.",
        "Weights from a file, else from a network of the same shape that is trained now.":
            "파일에서 읽은 가중치. 파일이 없으면 같은 모양의 신경망을 지금 학습시킵니다.",
        "The scores; `softmax` makes probabilities of them.": "점수. `softmax`가 확률로 바꿉니다.",
        "By back-propagation: one gradient for each parameter.": "오차역전파: 매개변수마다 기울기 하나.",
        "By numerical differentiation: every number in W1, b1, W2 and b2 is moved a little, in double precision.":
            "수치 미분: W1, b1, W2, b2의 모든 수를 배정밀도로 조금씩 움직입니다.",
        "W1, b1, W2, b2": "W1, b1, W2, b2",
        "Both gradients, on three images: 39,760 parameters, each of them moved twice.":
            "이미지 세 장에서 두 기울기: 매개변수 39,760개를 각각 두 번 움직입니다.",
        "1. mini-batch": "1. 미니배치", "2. gradient": "2. 기울기", "3. update": "3. 갱신",
        "4. repeat; and look how it goes": "4. 반복. 중간에 얼마나 배웠는지 봅니다",
        "One training step by hand: y = sigmoid(x w + b), loss = (y - t)² / 2.":
            "학습 한 번을 손으로: y = sigmoid(x w + b), 손실 = (y - t)² / 2.",
        "Backward: each node multiplies the gradient that arrives by its own derivative.":
            "역방향: 각 노드는 들어온 기울기에 자신의 미분을 곱합니다.",
        "The tape does the same by itself.": "테이프가 같은 일을 자동으로 합니다.",
        "A whole network, 784-50-10, on three random images: numerical differentiation against the tape.":
            "무작위 이미지 세 장에서 신경망 784-50-10 전체: 수치 미분과 테이프를 비교합니다.",
        "KNN by hand, on raw pixels: nothing is learned beforehand, each question is compared with every example.":
            "픽셀을 그대로 쓰는 KNN을 직접 구현: 미리 배우는 것은 없고, 질문마다 모든 예제와 비교합니다.",
        "HOG: 7 x 7 cells of 4 x 4 pixels, in 6 x 6 blocks of 2 x 2 cells with 9 directions each: 1,296 numbers an image.":
            "HOG: 4 x 4 픽셀의 칸 7 x 7개, 2 x 2칸의 블록 6 x 6개, 칸마다 방향 9개: 이미지마다 수 1,296개.",
        "SIFT and SURF: a descriptor of 128 or 64 numbers for each keypoint, and each image has its own number of them.":
            "SIFT와 SURF: 특징점마다 수 128개 또는 64개의 기술자. 특징점의 개수는 이미지마다 다릅니다.",
        "SURF's boxes need larger images: here the digits are doubled.":
            "SURF의 상자에는 더 큰 이미지가 필요하므로 여기서는 숫자를 두 배로 키웁니다.",
        "Features, then a classifier. Of SIFT and SURF the classifier sees how often each of 100 visual words occurs.":
            "특징, 그다음 분류기. SIFT와 SURF에서 분류기는 시각 단어 100개가 각각 몇 번 나오는지 봅니다.",
        "The network, on the same 2,000 examples: it learns first, and answers fast.":
            "같은 예제 2,000개로 학습한 신경망: 먼저 배우고, 빠르게 답합니다.",
        "steps in an epoch, 100 examples each": "1에폭의 스텝 수, 예제 100개씩",
    ]
}

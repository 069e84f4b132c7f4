import Support

extension Section {
    private static func knn(_ k: Int, _ mnist: Double, _ builtIn: Double, note: Words? = nil) -> Figure {
        Figure("k = \(k)", .between(mnist, 1), builtIn: .between(builtIn, 1), note: note)
    }

    static let features = Section(
        14, "14-features",
        title: Words(
            "Features by people: SIFT, SURF, HOG with SVM and KNN", "사람이 설계한 특징: SIFT, SURF, HOG와 SVM, KNN"),
        text: Words(
            """
            Before networks learned from pixels, people decided what to look at, and a machine learned only the last \
            step. HOG divides an image into cells and counts in each of them the directions of its edges: always the \
            same number of values, a vector. SIFT looks for points that are found again when an image is scaled or \
            turned, and describes the directions in which the brightness changes around each of them, in 128 numbers. \
            SURF does the same faster, with sums over boxes, in 64 numbers.

            SIFT and SURF give as many descriptors as an image has such points, a different number for every image, but \
            a classifier needs vectors of one length. So typical descriptors are chosen first, the visual words, and an \
            image becomes the counts of its words. (On images as small as these, SIFT's words below are taken on a \
            regular grid of places.) A network finds its features by itself: from the image to the answer, end to end.

            KNN, the k nearest neighbours, has no training: it stores all examples. Asked about an image, it measures \
            the distance to all of them, and the k nearest vote. A small k is misled by single outliers, a large k \
            blurs the borders between classes; k is chosen by trying, on data that were set aside. The cost comes at \
            prediction: twice the examples, twice the time for every question.

            SVM, the support vector machine, looks for the hyperplane between two classes with the maximal margin: as \
            far as possible from the nearest examples of both. Only those nearest ones, the support vectors, decide \
            where it lies. Where no flat border separates the classes, a kernel compares examples as if they lay in a \
            space of more dimensions, where one does, without ever computing their coordinates there.

            The code below is KNN by hand, on raw pixels; then HOG, SIFT and SURF with KNN and SVM from the library; \
            then the network, all on the same 2,000 examples.
            """,
            """
            신경망이 픽셀에서 직접 배우기 전에는, 무엇을 볼지 사람이 설계하고 기계는 마지막 단계만 배웠습니다. HOG는 이미지를 \
            칸으로 나누고 칸마다 윤곽선의 방향을 셉니다. 값의 개수가 늘 같으므로 곧바로 벡터입니다. SIFT는 이미지를 키우거나 \
            돌려도 다시 찾을 수 있는 점을 찾아, 그 둘레에서 밝기가 변하는 방향을 수 128개로 기록합니다. SURF는 같은 일을 상자 \
            모양의 합으로 더 빠르게 하며 수 64개를 씁니다.

            SIFT와 SURF의 기술자는 그런 점의 개수만큼 나오므로 이미지마다 개수가 다르지만, 분류기에는 길이가 같은 벡터가 \
            필요합니다. 그래서 먼저 대표적인 기술자(시각 단어)를 고르고, 이미지를 시각 단어가 나온 횟수로 나타냅니다. \
            (이미지가 이렇게 작을 때는 SIFT의 기술자를 일정한 격자에서 얻습니다. 아래 코드도 그렇습니다.) 신경망은 이미지에서 \
            답까지, 처음부터 끝까지(end-to-end) 특징을 스스로 찾습니다.

            KNN(k-최근접 이웃)에는 학습이 없습니다. 예제를 모두 저장해 둘 뿐입니다. 새 이미지가 들어오면 모든 예제와의 거리를 \
            재고, 가장 가까운 k개가 투표합니다. k가 작으면 튀는 예제 하나에 흔들리고, k가 크면 클래스의 경계가 \
            흐려집니다. k는 따로 떼어 둔 데이터로 시험해 고릅니다. 비용은 예측할 때 듭니다. 예제가 두 배면 질문마다 \
            걸리는 시간도 두 배입니다.

            SVM(서포트 벡터 머신)은 두 클래스 사이에서 마진이 최대인 초평면을 찾습니다. 양쪽의 가장 가까운 예제에서 \
            가장 멀리 떨어진 평면입니다. 가장 가까운 그 예제들, 곧 서포트 벡터만이 평면의 자리를 정합니다. 평평한 \
            경계로 나눌 수 없으면 커널을 씁니다. 커널은 예제들이 더 높은 차원의 공간에 있는 것처럼 비교하며, 그 공간의 \
            좌표를 실제로 계산하지는 않습니다.

            아래 코드는 먼저 픽셀을 그대로 쓰는 KNN을 직접 구현하고, 다음으로 라이브러리의 HOG, SIFT, SURF에 KNN과 SVM을 \
            쓰고, 마지막으로 신경망을 씁니다. 모두 같은 예제 2,000개에서 배웁니다.
            """),
        figures: [
            .dataName, knn(1, 0.8, 0.5), knn(3, 0.8, 0.5), knn(5, 0.8, 0.5), knn(9, 0.75, 0.5),
            knn(15, 0.75, 0.5), knn(31, 0.7, 0.4), knn(101, 0.5, 0.3),
            knn(
                301, 0.3, 0.2,
                note: Words(
                    "More neighbours than a class has examples: far ones outvote the near.",
                    "k가 한 클래스의 예제 수보다 크면 멀리 있는 이웃의 표가 가까운 이웃의 표를 누릅니다.")),
            Figure("KNN, a question", .shown(lines: 1)),
            Figure(
                "HOG, three images", .text("(3, 1296)"),
                note: Words("The same number of values for every image.", "어느 이미지에서나 값의 개수가 같습니다.")),
            Figure("SIFT, three images", .shown(lines: 1)), Figure("SURF, three images", .shown(lines: 1)),
            Figure(
                "different numbers of descriptors", .text("true true"),
                note: Words(
                    "Each image has its own number of descriptors, of SIFT and of SURF.",
                    "SIFT와 SURF 모두 이미지마다 기술자의 개수가 다릅니다.")),
            Figure("KNN on HOG, k = 3", .between(0.9, 1), builtIn: .between(0.6, 1)),
            Figure(
                "SVM on HOG", .between(0.93, 1), builtIn: .between(0.75, 1),
                note: Words(
                    "The same images, looked at in a better way: compare k = 3 on raw pixels.",
                    "같은 이미지를 더 잘 본 결과입니다. 픽셀을 그대로 쓴 k = 3과 비교해 보세요.")),
            Figure("SVM on SIFT words", .between(0.9, 1), builtIn: .between(0.7, 1)),
            Figure("SVM on SURF words", .between(0.85, 1), builtIn: .between(0.5, 1)),
            Figure("the network's accuracy", .between(0.8, 1), builtIn: .between(0.5, 1)),
            Figure("the network, learning", .shown(lines: 1)),
            Figure("the network, a question", .shown(lines: 1)),
        ],
        pictures: [
            Picture("choosing-k.svg", Words("Choosing k by trying.", "k를 바꿔 가며 시험해 고릅니다.")),
            Picture(
                "hog.png",
                Words(
                    "What HOG sees of the first test image: the directions of edges in each cell.",
                    "HOG가 본 첫 번째 시험 이미지: 칸마다 윤곽선의 방향.")),
            Picture(
                "sift.png",
                Words(
                    "SIFT's keypoints in the same image: a circle for the scale, a stroke for the direction; orange on bright spots, blue on dark ones.",
                    "같은 이미지에서 SIFT가 찾은 점: 원은 크기, 선은 방향. 밝은 곳은 주황색, 어두운 곳은 파란색입니다.")),
        ],
        afterword: Words(
            """
            `./descent compare` sets them all side by side on the same images: pixels, HOG, SIFT and SURF with KNN and \
            SVM, beside two networks, with 95 % intervals and the cost of each; `--html compare.html` makes a page with \
            pictures. In Swift the same is `MethodComparison`: see Documentation/Classical.md.
            """,
            """
            `./descent compare`는 픽셀, HOG, SIFT, SURF에 KNN과 SVM을 쓴 결과를 두 신경망과 나란히 보여 주고, 95 % 신뢰 \
            구간과 비용도 함께 적습니다. `--html compare.html`을 붙이면 이미지가 든 페이지를 만듭니다. Swift 코드로는 \
            `MethodComparison`입니다(Documentation/Classical.md).
            """), needsDigits: true, isLong: true)
}

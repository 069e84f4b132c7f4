extension Section {
    static let features = Section(
        14, "14-features",
        title: Words(
            "Features by people: SIFT, SURF, HOG with SVM and KNN", "사람이 설계한 특징: SIFT, SURF, HOG와 SVM, KNN"),
        text: Words(
            """
            Before networks learnt from pixels, people designed what to look at, and a machine learnt only the last \
            step. SIFT finds points that stay recognisable when a picture is scaled or turned, and describes the \
            directions of the brightness around them. SURF does the same in a faster way, with sums over boxes. HOG \
            divides a picture into cells and counts in each the directions of its edges. Each of them turns a picture \
            into a vector of features. A network finds its features by itself: from the picture to the answer, end to \
            end.

            KNN, the k nearest neighbours, has no training: it keeps all examples. Asked about a picture, it measures \
            the distance to all of them, and the k nearest vote. A small k listens to single outliers, a large k blurs \
            the borders between classes; k is chosen by trying, on data kept apart. The cost comes at prediction: \
            twice the examples, twice the time for every question.

            SVM, the support vector machine, looks for the hyperplane between two classes with the maximal margin: as \
            far as possible from the nearest examples of both. Only those nearest ones, the support vectors, decide \
            where it lies. Where no flat border parts the classes, a kernel compares examples as though they lay in a \
            space of more dimensions, where one does, without ever computing their places there.

            The code below is KNN by hand, on raw pixels, and the network beside it.
            """,
            """
            신경망이 픽셀에서 직접 배우기 전에는, 무엇을 볼지 사람이 설계하고 기계는 마지막 단계만 배웠습니다. SIFT는 \
            그림을 키우거나 돌려도 알아볼 수 있는 점을 찾아 그 둘레의 밝기 방향을 기록합니다. SURF는 같은 일을 상자 \
            모양의 합으로 더 빠르게 합니다. HOG는 그림을 칸으로 나누고 칸마다 윤곽선의 방향을 셉니다. 모두 그림을 특징 \
            벡터로 바꿉니다. 신경망은 그림에서 답까지, 처음부터 끝까지(end-to-end) 특징을 스스로 찾습니다.

            KNN(k-최근접 이웃)에는 학습이 없습니다. 예제를 모두 저장해 둘 뿐입니다. 새 그림이 들어오면 모든 예제와의 거리를 \
            재고, 가장 가까운 k개가 투표합니다. k가 작으면 튀는 예제 하나에 흔들리고, k가 크면 클래스의 경계가 \
            흐려집니다. k는 따로 떼어 둔 데이터로 시험해 고릅니다. 비용은 예측할 때 듭니다. 예제가 두 배면 질문마다 \
            걸리는 시간도 두 배입니다.

            SVM(서포트 벡터 머신)은 두 클래스 사이에서 마진이 최대인 초평면을 찾습니다. 양쪽의 가장 가까운 예제에서 \
            가장 멀리 떨어진 평면입니다. 가장 가까운 그 예제들, 곧 서포트 벡터만이 평면의 자리를 정합니다. 평평한 \
            경계로 나눌 수 없으면 커널을 씁니다. 커널은 예제들이 더 높은 차원의 공간에 있는 것처럼 비교하며, 그 공간의 \
            좌표를 실제로 계산하지는 않습니다.

            아래 코드는 픽셀을 그대로 쓰는 KNN을 직접 구현하고 신경망과 비교합니다.
            """),
        figures: [
            .dataName, Figure("k = 1", .between(0.8, 1), builtIn: .between(0.5, 1)),
            Figure("k = 3", .between(0.8, 1), builtIn: .between(0.5, 1)),
            Figure("k = 5", .between(0.8, 1), builtIn: .between(0.5, 1)),
            Figure("k = 9", .between(0.75, 1), builtIn: .between(0.5, 1)),
            Figure("k = 15", .between(0.75, 1), builtIn: .between(0.5, 1)),
            Figure("k = 31", .between(0.7, 1), builtIn: .between(0.4, 1)),
            Figure("k = 101", .between(0.5, 1), builtIn: .between(0.3, 1)),
            Figure(
                "k = 301", .between(0.3, 1), builtIn: .between(0.2, 1),
                note: Words(
                    "More neighbours than a class has examples: far ones outvote the near.",
                    "k가 한 클래스의 예제 수보다 크면 멀리 있는 이웃의 표가 가까운 이웃의 표를 누릅니다.")),
            Figure("KNN, a question", .shown(lines: 1)),
            Figure("the network's accuracy", .between(0.8, 1), builtIn: .between(0.5, 1)),
            Figure("the network, learning", .shown(lines: 1)),
            Figure("the network, a question", .shown(lines: 1)),
        ],
        pictures: [
            Picture("choosing-k.svg", Words("Choosing k by trying.", "k를 바꿔 가며 시험해 고릅니다."))
        ],
        afterword: Words(
            """
            `./descent compare` will set them all side by side: pixels, HOG, SIFT and SURF with KNN and SVM, against \
            the network. It is not there yet and comes in a later version.
            """,
            """
            `./descent compare`는 픽셀, HOG, SIFT, SURF에 KNN과 SVM을 쓴 결과를 신경망과 나란히 보여 줄 것입니다. 아직 \
            없으며 이후 버전에서 나옵니다.
            """), needsDigits: true, isLong: true)
}

import Datasets
import Support

extension Section {
    static let arrays = Section(
        1, "01-arrays",
        title: Words("Arrays", "배열"),
        text: Words(
            """
            A network computes with arrays: a vector has one axis, a matrix two. `ndim` counts the axes, `shape` says \
            how long each of them is. W is the matrix of weights from two inputs to three outputs: one row for each \
            input, one column for each output.

            NDArray is one type for every number of axes, and prints as NumPy prints.

            `import Notes` brings what the notebook has beside the libraries: `tuple` prints a shape as Python does, `fixed` \
            a number with so many decimals, `timed` measures seconds, and `Notebook.digits()` gives MNIST, or the built-in \
            digits where MNIST is not at hand. In a package of your own add the product Notes beside Descent, or leave \
            these four out.
            """,
            """
            신경망은 배열로 계산합니다. 벡터는 축이 하나, 행렬은 축이 둘입니다. `ndim`은 축의 개수이고 `shape`는 각 축의 \
            길이입니다. W는 입력 두 개와 출력 세 개를 잇는 가중치 행렬로, 행은 입력 하나, 열은 출력 하나에 해당합니다.

            NDArray는 축의 개수와 상관없이 하나의 타입이며, 출력 모양은 NumPy와 같습니다.

            `import Notes`에는 노트북에 필요한 보조 함수가 들어 있습니다. `tuple`은 모양을 Python처럼 출력하고, `fixed`는 소수 \
            자릿수를 정해 출력하며, `timed`는 걸린 시간을 재고, `Notebook.digits()`는 MNIST를(없으면 내장 숫자를) 읽습니다. \
            자신의 패키지에서는 Descent 옆에 Notes도 추가하거나, 이 네 가지를 빼면 됩니다.
            """),
        figures: [
            .same("A", "[1 2 3 4]"), .same("A.ndim", "1"), .same("A.shape", "(4,)"),
            .same("A.shape[0]", "4"), .same("B", "[[1 2]\n [3 4]\n [5 6]]"), .same("B.ndim", "2"),
            .same("B.shape", "(3, 2)"), .same("W", "[[1 3 5]\n [2 4 6]]"), .same("W.shape", "(2, 3)"),
        ])
}

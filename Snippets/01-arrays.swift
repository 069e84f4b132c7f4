import Descent
import Notes

let A = NDArray([1, 2, 3, 4])
print(A)
print(A.ndim)
print(tuple(A.shape))
print(A.shape[0])

let B = NDArray([[1, 2], [3, 4], [5, 6]])
print(B)
print(B.ndim)
print(tuple(B.shape))

let W = NDArray([[1, 3, 5], [2, 4, 6]])
print(W)
print(tuple(W.shape))

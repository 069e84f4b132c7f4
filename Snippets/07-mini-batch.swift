import Descent
import Notes

let data = try Notebook.digits()
print(data.name)
let xTrain = data.train.images.reshaped(data.train.count, -1)
let tTrain = NDArray<UInt8>.oneHot(NDArray(data.train.classes.map(Int.init)), classes: 10)
print(tuple(xTrain.shape))
print(tuple(tTrain.shape))

var random = RandomState(0)  // NumPy's own generator: the same rows as np.random.RandomState(0)
let batchMask = random.choice(xTrain.shape[0], size: 10)
print(batchMask)
let xBatch = xTrain[batchMask]
let tBatch = tTrain[batchMask]
print(tuple(xBatch.shape))
print(tuple(tBatch.shape))

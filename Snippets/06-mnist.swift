import Descent
import Images
import Notes

/// Images as rows or as images, pixels as 0...255 or 0...1, labels as numbers or one-hot rows.
func load(_ part: LabeledExamples, normalize: Bool, flatten: Bool, oneHotLabel: Bool)
    -> (x: NDArray<Float>, t: NDArray<Int>)
{
    let pixels = part.images.asType(Float.self)
    let x = normalize ? pixels / 255 : pixels
    let t = NDArray(part.classes.map(Int.init))
    return (
        flatten ? x.reshaped(part.count, -1) : x.reshaped(part.count, 1, 28, 28),
        oneHotLabel ? NDArray<Int>.oneHot(t, classes: 10) : t
    )
}

let data = try Notebook.digits()
print(data.name)
let (xTrain, tTrain) = load(data.train, normalize: false, flatten: true, oneHotLabel: false)
let (xTest, tTest) = load(data.test, normalize: false, flatten: true, oneHotLabel: false)
print(tuple(xTrain.shape))
print(tuple(tTrain.shape))
print(tuple(xTest.shape))
print(tuple(tTest.shape))
print(tuple(load(data.train, normalize: true, flatten: true, oneHotLabel: true).t.shape))
print(tuple(load(data.test, normalize: true, flatten: false, oneHotLabel: false).x.shape))
print(xTrain.min(), xTrain.max())
print(load(data.test, normalize: true, flatten: true, oneHotLabel: false).x.max())

let row = xTrain[0]
print(tTrain[at: 0])
print(tuple(row.shape))
let image = row.reshaped(28, 28).asType(UInt8.self)
print(tuple(image.shape))
print(TerminalPicture.text(of: image, style: .shades), terminator: "")
try Notebook.save(image, as: "first-digit.png")

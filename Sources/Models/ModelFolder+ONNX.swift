import Arrays
import Classification
import DataSources
import ExampleData
import ImageFolders
import Pipelines
import Support

extension ModelFolder {
    /// Makes a model folder's contents of an opened ONNX file, with samples that no picture is needed for: noise and slopes.
    package init(importing opened: ONNXFile.Opened, fit: ImageFit = .crop) {
        let shape = opened.form.exampleShape
        let each = shape.reduce(1, *)
        let width = shape[shape.count - 1]
        var random = RandomState(13)
        var pixels = (0..<each).map { _ in UInt8(min(255, random.uniform() * 256)) }
        for sample in 1..<3 {
            pixels += (0..<each).map { place in
                let (row, column) = (place / width, place % width)
                return UInt8((sample == 1 ? row + 3 * column : row * column / 16) & 255)
            }
        }
        self.init(
            opened.classifier, samples: .bytes(NDArray(shape: [3] + shape, elements: pixels)))
        input = .images(
            ImageInput(
                height: opened.form.height, width: opened.form.width, isColor: opened.form.channels == 3,
                fit: fit))
    }
}

extension ClassifierModel {
    /// Opens an ONNX file as it is, without a folder.
    package init(_ opened: ONNXFile.Opened, fit: ImageFit = .crop) {
        let folder = ModelFolder(importing: opened, fit: fit)
        self.init(folder.classifier, folder.input)
    }
}

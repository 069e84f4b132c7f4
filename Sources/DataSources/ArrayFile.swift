import ArrayFiles
import Arrays
import ExampleData
import Support

/// Examples without labels in NumPy's files: an `npy` file, or an array of an `npz` archive.
package enum ArrayFile {
    /// The names that examples have in archives, in the order in which they are looked for.
    private static let names = ["x", "x_test", "images", "features", "data"]

    /// Returns whether the file is one of NumPy's, by its first bytes.
    package static func recognizes(_ path: String) -> Bool {
        // A zip archive is told from others by the name of its first file.
        guard let head = try? Gzip.head(ofFile: path, count: 512) else { return false }
        return isArray(head) || NumPyFormat.recognizes(head, path: path)
    }

    /// Returns whether the file is an archive with labels beside the examples.
    package static func hasLabels(_ path: String) -> Bool {
        (try? NPZ(contentsOf: path))?.names.contains { $0 == "y" || $0 == "y_test" } == true
    }

    private static func isArray(_ head: [UInt8]) -> Bool {
        head.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59])
    }

    /// Reads examples for a model that takes those of `shape`: images as bytes, or numbers from 0 to 1 or 255; rows as they are.
    ///
    /// One example may come without the axis N, images as rows of their pixels, colours beside or after one another. `anySize`:
    /// whether grey images may have another size than the model's.
    ///
    /// - Throws: `badData` for arrays of another form, and an archive in which no array is the examples'.
    package static func examples(
        in path: String, for shape: [Int], anySize: Bool = false
    ) throws -> FeatureMatrix {
        let (array, place) = try array(in: path)
        let found = array.shape
        guard FeatureMatrix.isImage(shape) else {
            let width = shape.reduce(1, *)
            let isOne = found.count == 1 && found[0] == width
            guard isOne || found.count >= 1 && found.dropFirst().reduce(1, *) == width else {
                throw misfit(found, place, expected: "[N, \(width)]")
            }
            let numbers: NDArray<Float> = array.converted()
            return .floats(numbers.reshaped(to: [isOne ? 1 : found[0]] + shape))
        }
        let isColor = shape.count == 3
        let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
        let pixels = try LabeledArray.bytes(of: array, at: place)
        let forms: [[Int]] =
            isColor
            ? [[height, width, 3], [3, height, width], [3 * height * width]]
            : [[height, width], [height, width, 1], [1, height, width], [height * width]]
        if let form = forms.first(where: { found == $0 || Array(found.dropFirst()) == $0 }) {
            let count = found == form ? 1 : found[0]
            return isColor && form.last == 3
                ? .interleaved(pixels.reshaped(to: [count] + form))
                : .bytes(pixels.reshaped(to: [count] + shape))
        }
        if anySize, !isColor, found.count == 2 || found.count == 3 {
            return .bytes(found.count == 3 ? pixels : pixels.reshaped(to: [1] + found))
        }
        throw misfit(
            found, place,
            expected: isColor ? "[N, \(height), \(width), 3]" : "[N, \(height), \(width)]")
    }

    private static func misfit(_ found: [Int], _ place: String, expected: String) -> DescentError {
        DescentError(
            .badData, "an array of another shape than the model's examples", at: place, expected: expected,
            got: "\(found)")
    }

    /// The array of the examples, and where it is.
    private static func array(in path: String) throws -> (array: StoredArray, place: String) {
        if isArray(try Gzip.head(ofFile: path, count: 8)) { return (try NPY.read(path), path) }
        let file = try NPZ(contentsOf: path)
        let unlabeled = file.names.filter { !$0.hasPrefix("y") }
        let only = unlabeled.count == 1 ? unlabeled[0] : nil
        guard let name = names.first(where: file.names.contains) ?? only else {
            throw DescentError(
                .badData, "no array of the archive is known to be the examples", at: path,
                expected: names.joined(separator: ", "),
                got: file.names.isEmpty ? "none" : file.names.joined(separator: ", "))
        }
        return (try file.array(named: name), "\(path), \(name)")
    }
}

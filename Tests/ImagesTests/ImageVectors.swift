import Foundation
import TestSupport

/// Pictures of every kind with the pixels that Pillow gives for them: `Vectors/make_image_vectors.py` made both.
struct ImageVectors: Decodable {
    struct Case: Decodable, CustomStringConvertible {
        let name: String
        let file: Data
        let shape: [Int]
        let pixels: Data

        var bytes: [UInt8] { [UInt8](file) }
        var description: String { name }
    }

    let cases: [Case]
    let animated: Data

    static func read() throws -> ImageVectors { try vectors("images.json") }

    /// The file of a case.
    static func bytes(_ name: String) throws -> [UInt8] {
        guard let found = try read().cases.first(where: { $0.name == name }) else {
            throw CocoaError(.fileNoSuchFile)
        }
        return found.bytes
    }
}

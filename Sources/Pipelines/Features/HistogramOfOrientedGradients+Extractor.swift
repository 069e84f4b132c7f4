import ArrayFiles
import Arrays
import Classical
import ExampleData
import ImageFeatures
import Support

extension HistogramOfOrientedGradients: FeatureExtractor {
    /// `hog`.
    public static let kind = "hog"

    /// HOG with the settings of a text: cells of 4 pixels by default.
    public init(from settings: inout SettingText) throws {
        let cell = try settings.whole("cell", main: true, in: 1...256) ?? 4
        let orientations = try settings.whole("orientations", in: 1...64) ?? 9
        let block = try settings.whole("block", in: 1...64) ?? 2
        self.init(
            orientations: orientations, cellSize: cell, blockSize: block,
            norm: try settings.choice("norm") ?? .l2Hys, isSigned: try settings.isOn("signed"),
            interpolation: try settings.choice("interpolation") ?? .none)
    }

    /// The size of a cell, and the settings that differ from the defaults.
    public var settingsText: String {
        var parts = ["\(cellSize)"]
        if orientations != 9 { parts.append("orientations=\(orientations)") }
        if blockSize != 2 { parts.append("block=\(blockSize)") }
        if norm != .l2Hys { parts.append("norm=\(norm.rawValue)") }
        if isSigned { parts.append("signed=true") }
        if interpolation != .none { parts.append("interpolation=\(interpolation.rawValue)") }
        return parts.joined(separator: ",")
    }

    /// `HOG (9 directions, cells of 4, blocks of 2x2)`.
    public var summary: String {
        let block = "\(blockSize)x\(blockSize)"
        let shared = interpolation == .none ? "" : ", \(interpolation.rawValue)"
        return "HOG (\(orientations) directions, cells of \(cellSize), blocks of \(block)\(shared))"
    }

    /// Returns the normalised blocks of each image.
    public func rows(of images: NDArray<UInt8>, cancellation: Cancellation?) throws -> FeatureMatrix {
        .floats(try features(of: images))
    }

    /// Puts the settings under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        StoredFeatures(hog: self).store(in: &file, prefix: prefix)
    }

    /// Restores the extractor from the entries that `store` wrote.
    public init(from file: SafeTensors, prefix: String) throws {
        guard let hog = try StoredFeatures(from: file, prefix: prefix).hog else {
            throw StoredFeatures.damaged(file)
        }
        self = hog
    }
}

extension FeatureChoice {
    /// Histograms of oriented gradients.
    public static func hog(_ hog: HistogramOfOrientedGradients) -> FeatureChoice { FeatureChoice(hog) }
}

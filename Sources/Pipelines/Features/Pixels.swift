import ArrayFiles
import Arrays
import Classical
import ExampleData
import Support

/// The bytes of an image themselves.
public struct Pixels: FeatureExtractor {
    /// `pixels`.
    public static let kind = "pixels"

    /// No settings.
    public init() {}

    /// No settings.
    public init(from settings: inout SettingText) throws {}

    /// As many as there are pixels.
    public func featureCount(height: Int, width: Int) throws -> Int { height * width }

    /// The images.
    public func rows(of images: NDArray<UInt8>, cancellation: Cancellation?) throws -> FeatureMatrix {
        .bytes(images)
    }

    /// Puts empty settings under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        StoredFeatures().store(in: &file, prefix: prefix)
    }

    /// Brings back what `store` put: nothing.
    public init(from file: SafeTensors, prefix: String) throws {}
}

extension FeatureChoice {
    /// The bytes of the image themselves.
    public static let pixels = FeatureChoice(Pixels())
}

import ArrayFiles
import Arrays
import Classical
import ExampleData
import Support

/// The bytes of an image themselves.
package struct Pixels: FeatureExtractor {
    /// `pixels`.
    package static let kind = "pixels"

    /// No settings.
    package init() {}

    /// No settings.
    package init(from settings: inout SettingText) throws {}

    /// Returns the number of pixels.
    package func featureCount(height: Int, width: Int) throws -> Int { height * width }

    /// Returns the images.
    package func rows(of images: NDArray<UInt8>, cancellation: Cancellation?) throws -> FeatureMatrix {
        .bytes(images)
    }

    /// Puts empty settings under `prefix`.
    package func store(in file: inout SafeTensors, prefix: String) {
        StoredFeatures().store(in: &file, prefix: prefix)
    }

    /// Restores the extractor: nothing is stored.
    package init(from file: SafeTensors, prefix: String) throws {}
}

extension FeatureChoice {
    /// The bytes of the image themselves.
    public static let pixels = FeatureChoice(Pixels())
}

import Descent
import Pipelines

/// The ink of each row and of each column of an image, as shares of all its ink; `weight` is how much columns count.
struct InkProfile: FeatureExtractor {
    static let kind = "ink-profile"
    static let usage = "ink-profile:1"

    let weight: Double

    init(weight: Double = 1) { self.weight = weight }

    init(from settings: inout SettingText) throws {
        self.init(weight: try settings.number("weight", main: true, in: 0...100) ?? 1)
    }

    var settingsText: String { "\(weight)" }

    func featureCount(height: Int, width: Int) throws -> Int { height + width }

    func rows(of images: NDArray<UInt8>, cancellation: Cancellation?) throws -> FeatureMatrix {
        let ink = images.asType(Float.self)
        let all = ink.sum(axis: [1, 2]).reshaped(images.shape[0], 1) + 1
        return .floats(
            concatenate([ink.sum(axis: 2) / all, ink.sum(axis: 1) / all * Float(weight)], axis: 1))
    }
}

import Arrays
import Support

extension PrincipalComponents {
    /// Principal components of rows that have not been seen yet: `pca:50`, `pca:share=0.95,whiten=true`, `pca`.
    public struct Settings: RowTransformLearner {
        /// The number of directions to keep.
        package var keeping: Keeping
        /// Whether each direction is scaled to variance 1.
        package var whitening: Bool

        /// Creates a learner that keeps the directions, not whitened by default.
        public init(keeping: Keeping, whitening: Bool = false) {
            (self.keeping, self.whitening) = (keeping, whitening)
        }

        /// Creates the settings of a text.
        public init(from settings: inout SettingText) throws {
            let count = try settings.whole("count", main: true, from: 1)
            let share = try settings.number("share", in: SettingText.aboveZero)
            guard count == nil || share == nil else {
                throw settings.wrong("share", expected: "either it or a count", got: "both")
            }
            keeping = count.map(Keeping.count) ?? share.map(Keeping.share) ?? .all
            whitening = try settings.isOn("whiten")
        }

        /// The number of directions, and whether they are whitened.
        public var settingsText: String {
            let kept =
                switch keeping {
                case .count(let count): ["\(count)"]
                case .share(let share): ["share=\(share)"]
                case .all: [String]()
                }
            return (kept + (whitening ? ["whiten=true"] : [])).joined(separator: ",")
        }

        /// `20 principal components`.
        public var summary: String {
            let kept =
                switch keeping {
                case .count(let count): Numerals.counted(count, "principal component")
                case .share(let share): "principal components of \(Numerals.percent(share)) of the variance"
                case .all: "all principal components"
                }
            return whitening ? kept + ", whitened" : kept
        }

        /// Learns the directions.
        public func fit(_ rows: NDArray<Float>, cancellation: Cancellation?) throws -> PrincipalComponents {
            try PrincipalComponents(
                fitting: rows, keeping: keeping, whitening: whitening, cancellation: cancellation)
        }
    }
}

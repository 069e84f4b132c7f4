import ArrayFiles
import Arrays
import Classical
import Classification
import Support

/// The stages of a pipeline: output shapes, and the memory that each stage's parameters take.
///
/// ```swift
/// for stage in try PipelineSummary(of: pipeline).stages { print(stage.name, stage.outputShape) }
/// ```
public struct PipelineSummary: Equatable, Sendable {
    /// One stage.
    public struct Stage: Equatable, Sendable {
        /// `hog`, `pca`, `svm`.
        public let name: String
        /// In words: `9 directions, cells of 4`; empty for nothing to say.
        public let detail: String
        /// The output shape for one example.
        public let outputShape: [Int]
        /// The number of stored values.
        public let numberCount: Int
        /// The size of the stored values in bytes.
        package let byteCount: Int
    }

    /// The shape of one example: [H, W] for images, [D] for rows.
    package let inputShape: [Int]
    /// The stages, in order; the last one gives a figure for each class.
    public let stages: [Stage]

    /// The number of values stored by all stages.
    package var numberCount: Int { stages.reduce(0) { $0 + $1.numberCount } }
    /// Their size in bytes.
    package var byteCount: Int { stages.reduce(0) { $0 + $1.byteCount } }

    /// Creates the stages of a trained pipeline.
    ///
    /// - Complexity: O(size of the stored values), which are encoded to be counted.
    public init(of pipeline: PipelineClassifier) throws {
        let stored = pipeline.stored()
        func stage(_ name: String, _ detail: String, _ shape: [Int], prefix: String) -> Stage {
            let arrays = stored.arrays.filter { $0.key.hasPrefix(prefix) }.values
            return Stage(
                name: name, detail: detail, outputShape: shape,
                numberCount: arrays.reduce(0) { $0 + $1.shape.reduce(1, *) },
                byteCount: arrays.reduce(0) { $0 + $1.byteCount })
        }
        inputShape = pipeline.exampleShape
        var stages: [Stage] = []
        if pipeline.deskews {
            stages.append(
                Stage(
                    name: "deskew", detail: "digits set upright", outputShape: pipeline.exampleShape,
                    numberCount: 0,
                    byteCount: 0))
        }
        let counts = try pipeline.featureCounts()
        let choice = pipeline.features
        if pipeline.imageSize != nil {
            stages.append(stage(choice.name, choice.summary, [counts[0]], prefix: "features."))
        }
        for (index, transform) in pipeline.transforms.enumerated() {
            stages.append(
                stage(
                    type(of: transform).kind, transform.summary, [transform.outputCount],
                    prefix: "transform\(index)."))
        }
        stages.append(
            stage(
                type(of: pipeline.classifier).kind, pipeline.classifier.summary,
                [pipeline.classNames.count], prefix: "classifier."))
        self.stages = stages
    }
}

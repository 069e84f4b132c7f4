import Classical
import Descent
import ImageFeatures
import Pipelines

/// The cells of histograms of oriented gradients, as a model sees them: each cell's histogram, the mean of those of the blocks that it
/// belongs to.
struct HOGCells {
    private let hog: HistogramOfOrientedGradients
    private let pipeline: PipelineClassifier

    init(_ hog: HistogramOfOrientedGradients, _ pipeline: PipelineClassifier) {
        (self.hog, self.pipeline) = (hog, pipeline)
    }

    /// Returns the cells of one example; nil where the features of a colour picture are transformed after they are taken.
    ///
    /// - Throws: as the pipeline does.
    func cells(of example: FeatureMatrix) throws -> Look.Cells? {
        let shape = pipeline.exampleShape
        guard shape.count >= 2, let features = try features(of: example) else { return nil }
        let (rows, columns) = (
            shape[shape.count - 2] / hog.cellSize, shape[shape.count - 1] / hog.cellSize
        )
        let (side, directions) = (hog.blockSize, hog.orientations)
        let (down, across) = (rows - side + 1, columns - side + 1)
        guard down > 0, across > 0, features.count == down * across * side * side * directions else {
            return nil
        }
        var sums = [Float](repeating: 0, count: rows * columns * directions)
        var counts = [Float](repeating: 0, count: rows * columns)
        var place = 0
        for top in 0..<down {
            for left in 0..<across {
                for cell in 0..<side * side {
                    let number = (top + cell / side) * columns + left + cell % side
                    counts[number] += 1
                    for direction in 0..<directions {
                        sums[number * directions + direction] += features[place]
                        place += 1
                    }
                }
            }
        }
        for index in sums.indices { sums[index] /= max(1, counts[index / directions]) }
        let largest = max(1e-6, sums.max() ?? 1)
        return Look.Cells(
            rows: rows, columns: columns, directions: directions, isSigned: hog.isSigned,
            bytes: BytesText.levels(sums.map { 255 * $0 / largest }))
    }

    private func features(of example: FeatureMatrix) throws -> [Float]? {
        if pipeline.transforms.isEmpty {
            return try pipeline.rows(of: example).unscaledFloats.elements
        }
        guard pipeline.exampleShape.count == 2 else { return nil }
        let bytes = NDArray(
            shape: [1] + pipeline.exampleShape,
            elements: example.unscaledFloats.elements.map { UInt8(max(0, min(255, $0))) })
        return try hog.features(of: pipeline.deskews ? Deskewing.apply(to: bytes) : bytes).elements
    }
}

import Arrays

/// What classifiers do with scores [N, K], row after row: the first of the largest, and the softmax.
///
/// Specialised, because classifiers of other modules call these for each row: unspecialised they took a sixth of a small support
/// vector machine's prediction.
package enum ScoreRows {
    /// Returns the index of the greatest score, the first of equals.
    @specialized(where Score == Int)
    @specialized(where Score == Float)
    package static func largest<Score: Comparable>(_ scores: [Score]) -> Int {
        scores.withUnsafeBufferPointer { largest(in: $0[...]) }
    }

    private static func largest<Score: Comparable>(in row: Slice<UnsafeBufferPointer<Score>>) -> Int {
        var best = row.startIndex
        for place in row.indices where row[place] > row[best] { best = place }
        return best - row.startIndex
    }

    /// Returns the index of the greatest score of each row, the first of equals.
    @specialized(where Score == Float)
    @specialized(where Score == Double)
    package static func largest<Score: Comparable>(
        _ scores: UnsafeBufferPointer<Score>, classCount: Int
    ) -> [Int32] {
        guard classCount > 0 else { return [] }
        return stride(from: 0, to: scores.count, by: classCount).map { start in
            Int32(largest(in: scores[start..<start + classCount]))
        }
    }

    /// Returns exp(s_k) / sum_j exp(s_j) of each row, computed in the scores' own precision: [N, K].
    @specialized(where Score == Float)
    @specialized(where Score == Double)
    package static func softmax<Score: BinaryFloatingPoint>(
        _ scores: UnsafeBufferPointer<Score>, classCount: Int, exponential: (Score) -> Score
    ) -> NDArray<Float> {
        guard classCount > 0 else { return NDArray(shape: [0, 0], elements: []) }
        return NDArray(shape: [scores.count / classCount, classCount]) { target in
            for start in stride(from: 0, to: scores.count, by: classCount) {
                let row = scores[start..<start + classCount]
                let most = row.max() ?? 0
                let powers = row.map { exponential($0 - most) }
                let sum = powers.reduce(0, +)
                for (place, power) in powers.enumerated() {
                    target.initializeElement(at: start + place, to: Float(power / sum))
                }
            }
        }
    }
}

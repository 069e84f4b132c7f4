import Arrays

/// What classifiers do with scores [N, K], row after row: the first of the largest, and the softmax.
package enum ScoreRows {
    /// Returns the index of the greatest score, the first of equals.
    package static func largest(_ scores: some RandomAccessCollection<some Comparable>) -> Int {
        var best = scores.startIndex
        for place in scores.indices where scores[place] > scores[best] { best = place }
        return scores.distance(from: scores.startIndex, to: best)
    }

    /// Returns the index of the greatest score of each row, the first of equals.
    package static func largest<Score: Comparable>(
        _ scores: UnsafeBufferPointer<Score>, classCount: Int
    ) -> [Int32] {
        guard classCount > 0 else { return [] }
        return stride(from: 0, to: scores.count, by: classCount).map { start in
            Int32(largest(scores[start..<start + classCount]))
        }
    }

    /// Returns exp(s_k) / sum_j exp(s_j) of each row, computed in the scores' own precision: [N, K].
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

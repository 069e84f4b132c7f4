/// Precision, recall and F1 of one class: of a confusion matrix, rows the true classes, columns the predicted ones.
struct ClassMeasures {
    /// The share of its examples that are predicted as it; nil when it has none.
    let recall: Double?
    /// The share of the examples predicted as it that are its own; nil when nothing is.
    let precision: Double?
    /// 2 precision recall / (precision + recall), the harmonic mean; nil when the class neither occurs nor is predicted.
    let f1: Double?

    init(of number: Int, in confusion: [[Int]]) {
        let correct = confusion[number][number]
        let actual = confusion[number].reduce(0, +)
        let predicted = confusion.reduce(0) { $0 + $1[number] }
        recall = actual > 0 ? Double(correct) / Double(actual) : nil
        precision = predicted > 0 ? Double(correct) / Double(predicted) : nil
        f1 = actual + predicted > 0 ? 2 * Double(correct) / Double(actual + predicted) : nil
    }
}

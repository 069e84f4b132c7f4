import Arrays

extension SupportVectorClassifier {
    /// Returns w of each pair of classes for the linear kernel, [K (K - 1) / 2, D]: the sum of its coefficients times `support`
    /// [S, D], the support vectors as the kernel takes them.
    package func pairWeights(of support: NDArray<Float>) -> NDArray<Double> {
        let (count, width) = (support.shape[0], support.shape[1])
        let rows = FeatureRows(doubles: support.elements.map(Double.init), count: count, width: width)
        guard case .doubles(let values) = PairCoefficients(coefficients, supportCounts).weights(rows).values
        else {
            return NDArray(shape: [0, width], elements: [])
        }
        return NDArray(shape: [thresholds.count, width], elements: values)
    }
}

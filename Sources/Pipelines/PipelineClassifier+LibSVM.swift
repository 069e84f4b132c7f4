import Arrays
import Classical
import Support

extension PipelineClassifier {
    /// Creates a machine that libsvm trained on the pixels of images, as a pipeline.
    ///
    /// `byteScale`: the factor from a pixel's byte to libsvm's feature.
    ///
    /// - Throws: `missingInput`; `badData` with the line, or when the model has features that such images have not.
    public init(libSVMModel path: String, imageSize: (height: Int, width: Int), byteScale: Float = 1 / 255)
        throws
    {
        let machine = try SupportVectorClassifier(
            libSVMModel: path, featureCount: imageSize.height * imageSize.width, byteScale: byteScale)
        guard machine.classNames.count >= 2 else {
            throw DescentError(
                .badData, "a model of one class only", at: path, expected: "two classes or more",
                got: "\(machine.classNames.count)")
        }
        self.init(
            name: "\(SupportVectorClassifier.kind) on \(FeatureChoice.pixels.name)",
            summary: "pixels, support vector machine of libsvm, \(machine.kernel)",
            exampleShape: [imageSize.height, imageSize.width], deskews: false,
            features: .pixels, transforms: [], classifier: machine)
    }

    /// Writes a support vector machine on pixels as a model of libsvm; a pixel is its byte times the machine's scale.
    ///
    /// - Throws: `usage` when the pipeline is something else, or a class is not called a whole number; `cannotCreate`,
    ///   `inputOutput`.
    public func writeLibSVMModel(to path: String) throws {
        guard let machine = classifier as? SupportVectorClassifier else {
            throw DescentError(
                .usage, "libsvm's models are support vector machines", at: name,
                expected: "a support vector machine",
                got: type(of: classifier).kind)
        }
        guard features == .pixels, transforms.isEmpty, !deskews else {
            throw DescentError(
                .usage, "a libsvm model has no place for features", at: name,
                expected: "a machine that sees pixels as they are", got: summary,
                advice: "train on pixels, without scaling, principal components and deskewing")
        }
        try machine.writeLibSVMModel(to: path)
    }
}

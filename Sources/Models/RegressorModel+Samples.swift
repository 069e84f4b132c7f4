import ExampleData

extension RegressorModel {
    /// Returns the rows that are stored with the model at `path`, to prove it by.
    ///
    /// - Throws: `missingInput`, `badData` when the file is damaged or does not fit.
    package func samples(at path: String) throws -> FeatureMatrix {
        try RegressorSamples(at: "\(path)/\(ModelFolder.FileName.samples)", for: regressor).rows
    }
}

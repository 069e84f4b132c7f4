import TestSupport

/// PyTorch's schedules, steps and averages (`Vectors/make_training_vectors.py`; its version is in the file).
struct TrainingVectors: Decodable {
    struct Run: Decodable {
        let weights: [[[Double]]]
        let norms: [Double]
    }
    let rate: Double
    let total: Int
    let schedules: [String: [Double]]
    let losses: [Double]
    let plateaus: [String: [Double]]
    let second: [Float]
    let runs: [String: Run]
    let averaged_weights: [Float]
    let averages: [String: [Double?]]

    static func load() throws -> TrainingVectors {
        try vectors("training.json")
    }
}

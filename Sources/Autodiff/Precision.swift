/// The precision of the factors of products. Sums, weights and the values between layers are float32 either way.
public enum Precision: String, Sendable, CaseIterable, Codable {
    /// Single precision, 24 bits of fraction.
    case float32
    /// Factors rounded to bfloat16, 8 bits of fraction; faster on some processors, see `Precision.automatic(on:)`.
    case bfloat16 = "bf16"
}

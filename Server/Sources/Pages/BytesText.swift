import Foundation

/// Numbers as the bytes of a text, which a page draws.
enum BytesText {
    /// Numbers of both signs: 128 is 0, the largest has 1 or 255.
    static func signed(_ values: some Collection<Float>) -> String {
        let scale = values.reduce(Float(1e-6)) { max($0, $1.isFinite ? $1.magnitude : 0) }
        return text(values.map { byte(128 + 127 * $0 / scale) })
    }

    /// Numbers that are bytes already.
    static func levels(_ values: some Collection<Float>) -> String { text(values.map(byte)) }

    private static func byte(_ value: Float) -> UInt8 {
        value.isFinite ? UInt8(max(0, min(255, value.rounded()))) : 128
    }

    private static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}

import Descent

extension Numerals {
    /// How many there are in a second: "1,234", and "0.25" where there are few, which are not none.
    static func rate(_ perSecond: Double) -> String {
        // Also what is more than Int holds, and what a clock of no time gives.
        guard perSecond >= 9.95, perSecond < 1e18 else { return twoDigits(perSecond) }
        return grouped(Int(perSecond))
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The functions of the C library, under their names on every system.
package enum Mathematics {
    package static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
    package static func cosine(_ angle: Double) -> Double { cos(angle) }
    package static func sine(_ angle: Double) -> Double { sin(angle) }
    package static func exponential(_ value: Double) -> Double { exp(value) }
    package static func logarithm(_ value: Double) -> Double { log(value) }
    package static func complementaryErrorFunction(_ value: Double) -> Double { erfc(value) }
    package static func log10(_ value: Double) -> Double { _log10(value) }
}

private func _log10(_ value: Double) -> Double { log10(value) }

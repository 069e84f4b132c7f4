#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// The C library by its right name on each system, in one place.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

import Arrays

// Operators between two types: each pair is written out, as a program would write it, because the compiler chooses the
// operator.

extension OperationCase {
    func mixed() throws -> Typed? {
        switch args[0]["dtype"] as? String ?? "" {
        case "b1": return try with(array(0) as NDArray<Bool>)
        case "u1": return try with(array(0) as NDArray<UInt8>)
        case "i4": return try with(array(0) as NDArray<Int32>)
        case "i8": return try with(array(0) as NDArray<Int>)
        case "f4": return try with(array(0) as NDArray<Float>)
        case "f8": return try with(array(0) as NDArray<Double>)
        default: return nil
        }
    }

    private func b<Scalar>(_ type: Scalar.Type) throws -> NDArray<Scalar> { try array(1) }
    private var sign: String { content["sign"] as? String ?? "" }

    private func choose(
        _ add: @autoclosure () -> Typed, _ subtract: @autoclosure () -> Typed,
        _ multiply: @autoclosure () -> Typed, _ divide: @autoclosure () -> Typed,
        _ modulo: @autoclosure () -> Typed, _ comparisons: [String: NDArray<Bool>]
    ) -> Typed? {
        switch sign {
        case "+": add()
        case "-": subtract()
        case "*": multiply()
        case "/": divide()
        case "%": modulo()
        default: comparisons[sign].map { Typed($0) }
        }
    }

    private func update<Scalar>(_ a: NDArray<Scalar>, _ change: (inout NDArray<Scalar>) -> Void) -> Typed {
        var changed = a
        change(&changed)
        return Typed(changed)
    }

    private func with(_ a: NDArray<Bool>) throws -> Typed? {
        switch args[1]["dtype"] as? String ?? "" {
        case "b1":
            let b = try b(Bool.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "*": return update(a) { $0 *= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "u1":
            let b = try b(UInt8.self)
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "i4":
            let b = try b(Int32.self)
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "i8":
            let b = try b(Int.self)
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "f4":
            let b = try b(Float.self)
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "f8":
            let b = try b(Double.self)
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        default: return nil
        }
    }

    private func with(_ a: NDArray<UInt8>) throws -> Typed? {
        switch args[1]["dtype"] as? String ?? "" {
        case "b1":
            let b = try b(Bool.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "u1":
            let b = try b(UInt8.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "i4":
            let b = try b(Int32.self)
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "i8":
            let b = try b(Int.self)
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "f4":
            let b = try b(Float.self)
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "f8":
            let b = try b(Double.self)
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        default: return nil
        }
    }

    private func with(_ a: NDArray<Int32>) throws -> Typed? {
        switch args[1]["dtype"] as? String ?? "" {
        case "b1":
            let b = try b(Bool.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "u1":
            let b = try b(UInt8.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "i4":
            let b = try b(Int32.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "i8":
            let b = try b(Int.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "f4":
            let b = try b(Float.self)
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "f8":
            let b = try b(Double.self)
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        default: return nil
        }
    }

    private func with(_ a: NDArray<Int>) throws -> Typed? {
        switch args[1]["dtype"] as? String ?? "" {
        case "b1":
            let b = try b(Bool.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "u1":
            let b = try b(UInt8.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "i4":
            let b = try b(Int32.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "i8":
            let b = try b(Int.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "f4":
            let b = try b(Float.self)
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "f8":
            let b = try b(Double.self)
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        default: return nil
        }
    }

    private func with(_ a: NDArray<Float>) throws -> Typed? {
        switch args[1]["dtype"] as? String ?? "" {
        case "b1":
            let b = try b(Bool.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                case "/": return update(a) { $0 /= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "u1":
            let b = try b(UInt8.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                case "/": return update(a) { $0 /= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "i4":
            let b = try b(Int32.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                case "/": return update(a) { $0 /= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "i8":
            let b = try b(Int.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                case "/": return update(a) { $0 /= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "f4":
            let b = try b(Float.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                case "/": return update(a) { $0 /= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "f8":
            let b = try b(Double.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                case "/": return update(a) { $0 /= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        default: return nil
        }
    }

    private func with(_ a: NDArray<Double>) throws -> Typed? {
        switch args[1]["dtype"] as? String ?? "" {
        case "b1":
            let b = try b(Bool.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                case "/": return update(a) { $0 /= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "u1":
            let b = try b(UInt8.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                case "/": return update(a) { $0 /= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "i4":
            let b = try b(Int32.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                case "/": return update(a) { $0 /= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "i8":
            let b = try b(Int.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                case "/": return update(a) { $0 /= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "f4":
            let b = try b(Float.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                case "/": return update(a) { $0 /= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        case "f8":
            let b = try b(Double.self)
            if op == "mixed_update" {
                switch sign {
                case "+": return update(a) { $0 += b }
                case "-": return update(a) { $0 -= b }
                case "*": return update(a) { $0 *= b }
                case "/": return update(a) { $0 /= b }
                default: return nil
                }
            }
            return choose(
                Typed(a + b), Typed(a - b), Typed(a * b), Typed(a / b), Typed(a % b),
                [".==": a .== b, ".!=": a .!= b, ".<": a .< b, ".<=": a .<= b, ".>": a .> b, ".>=": a .>= b])
        default: return nil
        }
    }
}

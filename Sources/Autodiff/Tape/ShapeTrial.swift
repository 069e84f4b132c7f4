import Arrays
import Support

/// A trial of the shapes of a forward pass, for networks that do not state their output shape.
///
/// On a tape that has one, a primitive whose shapes do not fit records the first misfit and continues with zeros of the
/// shape that it would have given; on any other tape it stops the program, as a caller's mistake does.
package final class ShapeTrial {
    /// The first misfit.
    package struct Misfit {
        /// The parameter that the primitive was called with, or the nearest one before; nil if there was none.
        package let object: AnyObject?
        /// Whether the primitive was called with that parameter itself.
        package let isOwn: Bool
        /// The primitive that did not fit, with its shapes.
        package let message: String
        /// The shape that the primitive takes, with axis letters, and the one that it was given.
        package let expected: String?, got: String
    }

    /// The first misfit; nil while all shapes fit.
    package private(set) var misfit: Misfit?

    package init() {}

    fileprivate func note(_ misfit: Misfit) { if self.misfit == nil { self.misfit = misfit } }
}

extension Tensor {
    /// Returns zeros of shape `result` in a trial, after recording the misfit; ends the program otherwise.
    ///
    /// - Parameters:
    ///   - message: the primitive and its shapes.
    ///   - parameter: the primitive's parameter, which identifies the layer.
    ///   - expected: the shape that would fit.
    package func unfit(
        _ message: @autoclosure () -> String, of parameter: Tensor? = nil, expected: String? = nil,
        result: [Int]
    ) -> Tensor {
        guard let trial = tape.trial else { mistake(message()) }
        // The example axis is the trial's own.
        let got = "[\((["N"] + shape.dropFirst().map(String.init)).joined(separator: ", "))]"
        trial.note(
            ShapeTrial.Misfit(
                object: tape.object(nearestBefore: parameter?.node ?? node), isOwn: parameter != nil,
                message: message(),
                expected: expected, got: got))
        return tape.constant(.init(shape: result, repeating: 0))
    }

    /// Returns whether two tensors can be combined element by element. In a trial a misfit is recorded and false
    /// returned.
    func canCombine(_ other: Tensor, _ name: String) -> Bool {
        guard tape.trial != nil else { return true }
        let lengths = zip(shape.reversed(), other.shape.reversed())
        guard !lengths.allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else { return true }
        _ = unfit(
            "\(name) of shapes \(shape) and \(other.shape)", expected: "a shape like \(other.shape)",
            result: shape)
        return false
    }
}

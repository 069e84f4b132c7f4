/// An optimiser's update of one array of weights in NumPy, for a training run that is exported as a script.
///
/// The lines change `w` in place by `g`, with the rule's state in the list `m`, in the order of `stateNames`, and the step's
/// index in `t`, from 1; `scalar` converts a value to the script's precision.
public struct NumPyUpdate: Sendable, Equatable {
    /// A sentence on the rule for the script's reader.
    package let summary: String
    /// The statements, without indentation.
    package let lines: [String]

    /// Creates an update; statements that add the weight decay to the gradient, if there is one, precede `lines`.
    package init(_ summary: String, weightDecay: Float = 0, _ lines: [String]) {
        self.summary = summary
        let decay = "g = g + scalar(\(weightDecay)) * w  # weight decay pulls towards zero"
        self.lines = weightDecay == 0 ? lines : [decay] + lines
    }
}

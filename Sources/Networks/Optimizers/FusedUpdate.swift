import Autodiff

/// An optimiser whose update can be fused with the last sum of a gradient, so that this gradient never becomes an array of
/// its own.
///
/// The gradient of a first layer over sparse rows is a sum of products that are few and scattered; where the update is
/// linear in it, each product may go to its weight at once. The result is that of `update(_:gradient:state:step:)` to the
/// bit (`SparseTrainingTests`).
protocol FusedUpdate: Optimizer {
    /// Changes the parameter if its gradient has that form.
    ///
    /// - Returns: false, with nothing changed, if the gradient must be taken as an array.
    func update(_ parameter: Parameter, from gradients: Gradients<Float>) -> Bool
}

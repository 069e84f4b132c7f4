/// A layer of this package whose forward pass in evaluation changes nothing: several threads may run it at once.
///
/// Only layers of this package can say so: their state is constant, or behind a lock of its own.
package protocol ReentrantLayer: Layer {
    /// Whether that holds of the layers inside too.
    var isReentrant: Bool { get }
}

extension ReentrantLayer {
    /// A layer without layers inside.
    package var isReentrant: Bool { true }
}

extension Sequence<any Layer> {
    /// Whether all of them are reentrant.
    package var areReentrant: Bool { allSatisfy { ($0 as? any ReentrantLayer)?.isReentrant == true } }
}

import Arrays
import Autodiff
import Networks

// The treatment of elements where a slope jumps.
extension GradientChecker {
    /// The number of tries with other weights for elements that are still at a kink.
    private static let nudges = 3

    /// Measures what differs and looks like a kink with a finer step, or with weights that were moved a little.
    ///
    /// A kink is recognised by the two sides' slopes, never by back-propagation's result: a mistake must not be able to hide
    /// here.
    func leaveKinks(_ parameters: inout [GradientReport.Parameter], loss: Double) {
        let judge = GradientJudge(
            of: parameters, rows: rowCount, step: step, tolerance: tolerance, loss: loss, isKinked: true)
        var left: [ParameterPlace] = []
        for index in parameters.indices {
            // Of a parameter that differs everywhere some elements are enough.
            let wrong = judge.wrong(parameters[index]).prefix(max(512, parameters[index].elements.count / 4))
            let elements = parameters[index].elements
            let places = wrong.map { ParameterPlace(parameter: index, element: elements[$0]) }
            let finer = passes.differences(at: places[...], step: step / 10, loss: loss)
            for (place, second) in zip(wrong, finer) {
                let first = parameters[index].numerical[place]
                switch nearestJump(first, second, noise: judge.noise) {
                case .smooth: continue
                case .between:
                    parameters[index].numerical[place] = second
                    parameters[index].finer.insert(place)
                case .exactly: left.append(ParameterPlace(parameter: index, element: place))
                }
            }
        }
        for attempt in 0..<Self.nudges where !left.isEmpty {
            left = nudge(&parameters, left, seed: seed + attempt, noise: judge.noise)
        }
        exact.restore()
    }

    /// Measures `places` (where `ParameterPlace.element` is the index among the parameter's elements) with other weights;
    /// returns those that are still at a kink there.
    private func nudge(
        _ parameters: inout [GradientReport.Parameter], _ places: [ParameterPlace], seed: Int, noise: Double
    ) -> [ParameterPlace] {
        exact.nudge(seed: seed, step: step)
        let loss = exact.loss()
        guard loss.isFinite else { return places }
        var gradients = exact.gradients()
        spoil?.apply(to: &gradients, rows: rowCount)
        return places.filter { place in
            let element = parameters[place.parameter].elements[place.element]
            let moved = [ParameterPlace(parameter: place.parameter, element: element)]
            let first = exact.differences(at: moved[...], step: step, loss: loss)[0]
            let second = exact.differences(at: moved[...], step: step / 10, loss: loss)[0]
            let jump = nearestJump(first, second, noise: noise)
            guard jump != .exactly else { return true }
            parameters[place.parameter].gradient[place.element] =
                gradients[place.parameter].elements[element]
            parameters[place.parameter].numerical[place.element] = jump == .smooth ? first : second
            parameters[place.parameter].nudged.append(place.element)
            if jump == .between { parameters[place.parameter].finer.insert(place.element) }
            return false
        }
    }

    /// The position of the nearest jump of the slope.
    private enum Jump { case smooth, between, exactly }

    /// Finds the nearest jump by the difference of both sides' slopes with the step and with a tenth of it: a tenth as much
    /// where the loss is smooth, hardly less at a jump, nothing any more when the jump was left outside.
    private func nearestJump(_ first: CentralDifference, _ second: CentralDifference, noise: Double) -> Jump {
        let (wide, narrow) = (abs(first.bend), abs(second.bend))
        if wide <= 4 * noise { return .smooth }
        if narrow > 0.2 * wide, narrow > 40 * noise { return .exactly }
        return narrow > 0.05 * wide && narrow > 40 * noise ? .smooth : .between
    }
}

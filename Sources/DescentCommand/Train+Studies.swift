import ArgumentParser
import Descent

extension Train {
    /// Does what was asked for instead of one plain run; false if nothing was.
    func runStudy(_ job: TrainingJob) async throws -> Bool {
        if let count = study.repeats {
            let repeated = RepeatedTraining(train: self, job: job, count: count)
            try repeated.check()
            try repeated.run(on: try await loadData())
        } else if study.findLr {
            try RateTest(job: job, study: study, options: options).run(on: try await loadData())
        } else if study.profile {
            try ProfileCommand(job: job, study: study, options: options).run(on: try await loadData())
        } else {
            return false
        }
        return true
    }

    private func loadData() async throws -> Dataset {
        try await source.load(trainLimit: limits.trainLimit, testLimit: limits.testLimit, options)
    }
}

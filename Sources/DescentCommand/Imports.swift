// The command uses every library. What `import Descent` leaves out is exported here once, to all files of the command.
@_exported import Charts
@_exported import Classical
@_exported import Diagnostics
@_exported import EvaluationMetrics
@_exported import Experiments
@_exported import Handwriting
@_exported import ImageFeatures
@_exported import ImageFolders
@_exported import Images
@_exported import Pipelines
@_exported import Regression
@_exported import Reports
@_exported import Tables

"""How does the same plan run on Spark, with the same pseudonyms, the same papers and the same refusals?

`sampled` fetches rows for detection and drafting, `pseudonymize_tables` goes the whole way to a sealed release,
`pseudonymized` gives DataFrames for a notebook, `risk` measures a DataFrame as `transforms.risk` measures a table.
"""

from pipeline.spark.disclosure import risk
from pipeline.spark.frames import sampled
from pipeline.spark.made_frames import pseudonymized
from pipeline.spark.running import pseudonymize_tables
from pipeline.spark.session import SparkFailed

__all__ = ["SparkFailed", "pseudonymize_tables", "pseudonymized", "risk", "sampled"]

// Prints the rows of a Parquet file as JSON lines: node read.mjs events.parquet
// JSON knows neither dates nor whole numbers of 64 bits: they are written as {"date": "2020-10-08"} and {"integer": "4"}.
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const tagged = (value) => {
  if (value instanceof Date) return { date: value.toISOString().slice(0, 10) }
  if (typeof value === 'bigint') return { integer: String(value) }
  return value ?? null
}

const file = await asyncBufferFromFile(process.argv[2])
for (const row of await parquetReadObjects({ file, compressors })) {
  console.log(JSON.stringify(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, tagged(value)]))))
}

import type { Prisma, PrismaClient } from '../../../generated/prisma/communication/client.ts'

/** The client of the database of communication. */
export type Db = PrismaClient

/** A transaction of this database. */
export type Transaction = Prisma.TransactionClient
